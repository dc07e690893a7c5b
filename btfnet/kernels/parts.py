"""Kernels as parts of other kernels: typed and lowered once, optimised and made machine code with their callers.

Numba compiles a function that another one calls as if Python called it too: it wraps it for Python and for C,
optimises it, makes machine code of it, and then links what it optimised into every caller, where all is optimised
again. Half of the time went into code that nobody ever ran (scripts/benchmarks/compile_times.py). A `Part` stops
after lowering: what is linked into its callers has been simplified only, and LLVM's passes see it there, from the
innermost calls outwards, as they see any program.

This reaches into Numba further than its documentation goes, so that everything about it is in this file; with a
Numba that has it otherwise, `compiled` makes kernels the plain way.
"""

from numba.core import registry
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder, _LowerResult
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering

from btfnet.kernels.cache import KernelCache


class PartLibrary(JITCodeLibrary):
    """LLVM code that is linked into that of callers and never becomes machine code by itself."""

    def _optimize_functions(self, ll_module):
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self):
        """Numba's first passes only: they simplify, and inline what is small."""
        manager, builder = self._codegen._module_pass_manager(
            loop_vectorize=False, slp_vectorize=False, opt=0, cost="cheap"
        )
        manager.run(self._final_module, builder)

    def _finalize_final_module(self):
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class PartLowering(NativeLowering):
    """Lowering into a `PartLibrary`; callers know the function by a token instead of an address."""

    _name = "part_lowering"

    def run_pass(self, state):
        state.library = PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        changed = super().run_pass(state)
        lowered, token = state["cr"], object()
        state.targetctx.insert_user_function(token, lowered.fndesc, [state.library])
        state.reload_init.extend(state.library._reload_init)
        state["cr"] = _LowerResult(lowered.fndesc, lowered.call_helper, cfunc=token, env=lowered.env)
        return changed


class PartCompiler(CompilerBase):
    """Numba's own passes, with another lowering."""

    def define_pipelines(self):
        manager = DefaultPassBuilder.define_nopython_pipeline(self.state)
        manager.passes = [
            (PartLowering, about) if kind is NativeLowering else (kind, about)
            for kind, about in manager.passes
        ]
        manager._finalized = False
        manager.finalize()
        return [manager]


class Part(registry.CPUDispatcher):
    """A kernel as other kernels call it; Python cannot."""

    def __init__(self, py_func, targetoptions):
        without = {"parallel": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        super().__init__(py_func, targetoptions={**targetoptions, **without}, pipeline_class=PartCompiler)

    def add_overload(self, cres):
        self.overloads[tuple(cres.signature.args)] = cres


class Kernel(registry.CPUDispatcher):
    """A kernel as Python calls it; kernels that call it get it as a `Part`."""

    def __init__(self, py_func, targetoptions):
        super().__init__(py_func, targetoptions={**targetoptions, "no_cfunc_wrapper": True})
        self.part = Part(py_func, targetoptions)
        self._cache = KernelCache(py_func, targetoptions)

    def get_call_template(self, args, kws):
        return self.part.get_call_template(args, kws)

    def get_overload(self, sig):
        return self.part.get_overload(sig)
