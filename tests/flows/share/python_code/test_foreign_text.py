"""Foreign text never becomes code: names, instructions, notes, anything a flow may say."""

import ast
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.document.files import read_values
from flows.document.model import Flow
from flows.share.python_code import python_code
from tests.flows.share.python_code.exported import NO_CONNECTIONS
from tests.shapes import shape

CALLED = {
    *("Agent", "AgentOutputSchema", "ArgumentParser", "AsyncOpenAI", "ConfigDict", "Field"),
    *("ModelBehaviorError", "ModelRetrySettings", "ModelSettings", "RuntimeError", "TypeVar"),
    *("add_argument", "any", "append", "as_text", "ask", "blocks", "final_output_as", "fold"),
    *("gather", "get", "get_default_model_settings", "http_status", "isinstance", "join", "len"),
    *(
        "casefold",
        "choose",
        "dumps",
        "list",
        "main",
        "model_dump",
        "network_error",
        "exit",
        "as_json",
        "repr",
        "str",
        "parse_args",
    ),
    *("print", "range", "resolve", "results_of", "retry_after", "run", "run_flow", "search"),
    *("set_default_openai_api", "set_default_openai_client", "set_tracing_disabled", "strip"),
    *("successes", "trace", "plain", "items", "survivors", "all", "create_task"),
}
"""All that the program of `told` may call."""

HOSTILE = [
    '"""); import os; os.system("touch HACKED"); ("""',
    "'); __import__('os').system('touch HACKED'); ('",
    "{__import__('os').system('touch HACKED')}",
    "\\",
    '\\\\" + evil() + "',
    "# noqa\nevil()",
    "\r\nevil()\r\n",
    "\u2028evil()",
    "\N{RIGHT-TO-LEFT OVERRIDE}evil()",
    "class",
    "None",
    "print",
    "run_flow",
    "agents",
    "__import__",
    "1 + 1",
    "",
    "名前",
]
texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(
        st.one_of(st.characters(codec="utf-8"), st.sampled_from("\"'\\{}\n\r #%")), max_size=120
    ),
)


def told(said: str) -> Flow:
    """Make a flow that says one text wherever a flow can say one."""
    name, plain = said[:150], said.replace("{{", "{ {")
    flow = shape(
        "in > a r; r.yes > b; a b > c",
        run={"on_failure": "collect"},
        a={"name": name, "instructions": said, "prompt": f"{plain} {{{{ input }}}} {plain}"},
        r={
            "type": "router",
            "name": name,
            "rules": [{"branch": "yes", "when": {"contains": said, "equals": said}}],
        },
        b={
            "name": name,
            "output_schema": {
                "type": "object",
                "title": said,
                "properties": {said: {"type": "string", "description": said, "enum": [said]}},
            },
        },
        c={"name": name, "prompt": plain},
    )
    return flow.model_copy(update={"name": name, "description": said})


def called(tree: ast.AST) -> set[str]:
    """Name all that is called anywhere in a program."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {ast.unparse(call).rpartition(".")[2] for call in calls}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts)
def test_whatever_a_flow_says_only_the_known_is_called(said):
    tree = ast.parse(python_code(told(said), NO_CONNECTIONS))
    defined = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    assert called(tree) <= CALLED | {
        name for name in defined if name.startswith(("choose_", "run_"))
    }
    assert not {
        name for name in defined if "evil" in name and not name.startswith(("choose", "run"))
    } - {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts)
def test_texts_arrive_as_they_were_said(said):
    tree = ast.parse(python_code(told(said), NO_CONNECTIONS))
    agents = [
        {keyword.arg: keyword.value for keyword in node.keywords}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Agent"
    ]
    assert [ast.literal_eval(agent["name"]) for agent in agents] == [said[:150]] * 3
    assert ast.literal_eval(agents[0].get("instructions", ast.Constant(""))) == said


def test_hostile_texts_come_out_as_the_formatter_would_write_them(tmp_path):
    stay_as_they_are([python_code(told(said), NO_CONNECTIONS) for said in HOSTILE], tmp_path)


ASKED = {"equals": "x", "contains": "y", "matches": "z"}


@pytest.mark.parametrize("at", ["/kind", "/a_longer_name/with_steps", None])
@pytest.mark.parametrize("asked", ASKED)
def test_conditions_of_any_length_come_out_as_the_formatter_would_write_them(asked, at, tmp_path):
    programs = []
    for length in range(1, 75, 3):
        when = {asked: ASKED[asked] * length, "at": at}
        router = {"type": "router", "rules": [{"branch": "yes", "when": when}], "otherwise": "no"}
        flow = shape("in > r; r.yes > a; r.no > b", r=router)
        programs.append(python_code(flow, NO_CONNECTIONS))
    stay_as_they_are(programs, tmp_path)


@pytest.mark.parametrize("steps", ["{x}", "a_name/{x}", "a_name/and, another/{x}"])
@pytest.mark.parametrize(
    "asked",
    [{"contains": "no"}, {"contains": "no", "below": 9}, {"matches": "^no"}, {"above": 3}],
    ids=str,
)
def test_rules_about_a_field_however_far_down_come_out_as_the_formatter_would_write_them(
    asked, steps, tmp_path
):
    programs = []
    for length in range(1, 75, 3):
        when = {**asked, "at": f"/{steps.format(x='x' * length)}"}
        router = {"type": "router", "rules": [{"branch": "yes", "when": when}], "otherwise": "no"}
        flow = shape("in > r; r.yes > a; r.no > b", r=router)
        programs.append(python_code(flow, NO_CONNECTIONS))
    stay_as_they_are(programs, tmp_path)


def stay_as_they_are(programs, tmp_path):
    for number, code in enumerate(programs):
        (tmp_path / f"program_{number}.py").write_text(code, "utf-8", newline="")
    settings_ = ["--isolated", "--no-cache", str(tmp_path)]
    ended = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--check", *settings_],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize(
    "name", ["class", "print", "Ask", "asyncio", "results", "名前", "1st", "a b"]
)
def test_two_nodes_of_one_name_are_two_variables(name):
    flow = shape("in > a b > c", a={"name": name}, b={"name": name}, c={"name": name})
    tree = ast.parse(python_code(flow, NO_CONNECTIONS))
    made = [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.endswith(("_agent", "_2", "_3"))
    ]
    assert len(made) == len(set(made)) == 3


def test_a_setting_that_is_no_name_of_the_sdk_is_refused():
    flow = shape("in > a").model_dump(by_alias=True)
    flow["nodes"][1]["model_settings"] = {"max_tokens=1), evil(": 1}
    with pytest.raises(Exception, match="is no model setting"):
        python_code(read_values(flow), NO_CONNECTIONS)
