"""Outside programs: where they are, and running them safely.

    name       program                                   how to get it
    yosys      pyosys, yosys on the path, YoWASP Yosys   pip install btfnet[hw]
    abc        pyosys' own, yosys-abc, berkeley-abc      pip install btfnet[hw]
    iverilog   Icarus Verilog's compiler                 Debian package iverilog
    vvp        Icarus Verilog's simulator                Debian package iverilog
    cc         gcc, clang or cc                          Debian package gcc

`find` looks for a program, `run` runs it with arguments, `run_script` runs a script of Yosys or ABC. None of them
uses a shell; every run has a directory, a time limit and an end: whatever it started is killed with it.
Names that users chose belong in files, never in scripts, arguments or names of files.
"""
