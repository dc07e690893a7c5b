"""Runs to look at: a page of HTML, curves, and what is worked out for them.

story.py        `Story`: what is known of a run, whoever read it
curves.py       `Curve`: errors and gap of one trial over its iterations; thinned, or as small signs
columns.py      controls for the columns of a learned table, which set its conditions
influence.py    which inputs matter: how often flipping one changes an output
certificate.py  what was checked when the page was made
page.py         the page: sections put together with page.css, and with circuit.js, rows.js, gates.js and view.js,
                which light up the circuit, set its inputs, link its gates to their table, and pan and zoom
overview.py, circuit_section.py, influence_section.py, learning_section.py, closing_sections.py   its sections
charts.py       curves as inline SVG; markup.py   elements of HTML, everything escaped
figure.py       curves as a matplotlib figure
"""
