"""Mermaid: a flow as a flowchart."""

import re

import pytest
from hypothesis import given

from flows.share.mermaid import write_mermaid
from tests.flows.document.drawings import flows
from tests.flows.share.stories import patient
from tests.shapes import shape


def test_a_flow_is_drawn_with_a_subgraph_for_each_stage():
    flow = shape(
        "in > r; r.yes > a; r.no > b; a b > j > done",
        r={"type": "router", "ask": "Is it?", "name": "Is it?"},
        b={"for_each": {"items": "{{ input }}"}},
        j={"type": "join"},
        done={"type": "approval"},
    )
    assert write_mermaid(flow) == (
        "flowchart LR\n"
        '  n_in(["in"])\n'
        '  subgraph stage1["Stage 1 · 1 router"]\n'
        "    direction TB\n"
        '    n_r{"Is it?"}\n'
        "  end\n"
        '  subgraph stage2["Stage 2 · 2 agents · one of 2"]\n'
        "    direction TB\n"
        '    n_a("a")\n'
        '    n_b[["b"]]\n'
        "  end\n"
        '  subgraph stage3["Stage 3 · 1 join"]\n'
        "    direction TB\n"
        '    n_j{{"j"}}\n'
        "  end\n"
        '  subgraph stage4["Stage 4 · 1 approval"]\n'
        "    direction TB\n"
        '    n_done[/"done"\\]\n'
        "  end\n"
        "  n_in --> n_r\n"
        '  n_r -->|"yes"| n_a\n'
        '  n_r -->|"no"| n_b\n'
        "  n_a --> n_j\n"
        "  n_b --> n_j\n"
        "  n_j --> n_done\n"
    )


def test_a_hostile_name_stays_in_its_quotes():
    name = 'x"] --> y; click z "javascript:alert(1)"\n%%{init}%%<img src=x>`#quot;&lt;'
    assert (
        '  n_a("x”] --› y; click z ”javascript:alert(1)” ％％{init}％％‹img src=x›’＃quot;＆lt;")'
        in (write_mermaid(shape("in > a", a={"name": name})))
    )


@pytest.mark.parametrize("name", ["1. Draft", "- Draft", "# Draft"])
def test_a_name_that_begins_like_a_list_is_no_list(name):
    assert f'("{name.replace(" ", chr(160))}")' in write_mermaid(shape("in > a", a={"name": name}))


def test_a_node_may_be_called_by_a_word_of_mermaid():
    assert '  n_end("end")' in write_mermaid(shape("in > end"))


LINE = re.compile(
    r"flowchart LR|end|direction TB"
    r'|subgraph stage\d+\["[^"\n]*"\]'
    r"|n_\w+(\(\[Q\]\)|\(Q\)|\[\[Q\]\]|\{Q\}|\{\{Q\}\}|\[/Q\\\])"
    r"|n_\w+ (-->|-\.->)(\|Q\|)? n_\w+".replace("Q", r'"[^"\n`<>]*"')
)


@patient
@given(flows)
def test_every_line_of_every_flowchart_is_one_of_ours(flow):
    lines = write_mermaid(flow).removesuffix("\n").split("\n")
    assert [line for line in lines if not LINE.fullmatch(line.strip())] == []
