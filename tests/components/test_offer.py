"""The Run button says who answers, or why nobody can."""

from pathlib import Path

from components.offer import make_offer, models_to_choose
from flows.document.edits import apply_edit
from flows.models.connections import Connections, load_connections
from flows.plan.checks import find_problems
from tests.shapes import shape

OFFICE = '[office]\nbase_url = "http://127.0.0.1:9/v1"\ndefault_model = "m"\n'


def connections(home: Path, *, key: str = "sk-test", file: str = OFFICE) -> Connections:
    (home / "connections.toml").write_text(file, "utf-8")
    return load_connections(home, {"OPENAI_API_KEY": key} if key else {})


def test_a_run_names_the_one_connection_it_uses(tmp_path: Path) -> None:
    flow = shape("in > a b", a={"model": "office"}, b={"model": "office/other"})
    offer = make_offer(flow, (), connections(tmp_path))
    assert (offer.label, offer.why_not) == ("office", "")
    assert offer.models == {"a": "office/m", "b": "office/other"}
    assert not offer.shared_processor


def test_a_run_names_all_connections_it_uses(tmp_path: Path) -> None:
    flow = shape("in > a b", a={"model": "office"}, b={"model": "local"})
    offer = make_offer(flow, (), connections(tmp_path))
    assert offer.label == "office + local · demo quality"
    assert offer.shared_processor


def test_an_error_of_the_flow_stops_a_run_with_its_sentence(tmp_path: Path) -> None:
    flow = shape("in > a > b; b > a", a={"model": "office"}, b={"model": "office"})
    problems = find_problems(flow)
    offer = make_offer(flow, problems, connections(tmp_path))
    assert offer.why_not.startswith(problems[0].message)


def test_a_model_of_no_connection_is_a_problem_of_its_agent(tmp_path: Path) -> None:
    flow = shape("in > a", a={"model": "nobody/x"})
    offer = make_offer(flow, (), connections(tmp_path))
    assert [problem.nodes for problem in offer.problems] == [("a",)]
    assert 'There is no connection "nobody"' not in offer.label
    assert "nobody" in offer.why_not


def test_a_connection_without_its_key_says_which_variable_is_missing(tmp_path: Path) -> None:
    flow = shape("in > a", a={"model": "openai"})
    offer = make_offer(flow, (), connections(tmp_path, key=""))
    assert "OPENAI_API_KEY" in offer.why_not


def test_models_are_offered_by_connection_with_the_default_first(tmp_path: Path) -> None:
    offered = models_to_choose(shape("in > a"), connections(tmp_path))
    default = str(connections(tmp_path).resolve(None))
    assert next(iter(offered)) == ""
    assert offered[""] == f"default ({default})"
    assert offered["office/m"] == "office/m"
    assert any(said.endswith("· demo quality") for said in offered.values())


def test_a_model_that_a_flow_names_is_offered_to_its_other_agents(tmp_path: Path) -> None:
    router = {"type": "router", "ask": "Which?", "model": "openai/gpt-4.1-nano"}
    here = {"model": "office/large"}, {"model": "nobody/x"}, {"model": "office"}
    flow = shape("in > a b c > r; r.yes > d", **dict(zip("abc", here, strict=True)), r=router)
    usual = models_to_choose(shape("in > a"), connections(tmp_path))
    offered = models_to_choose(flow, connections(tmp_path))
    assert list(offered.items())[len(usual) :] == [
        ("office/large", "office/large · in this flow"),
        ("openai/gpt-4.1-nano", "openai/gpt-4.1-nano · in this flow"),
    ]


def test_who_here_could_answer_is_one_edit_away(tmp_path: Path) -> None:
    flow = shape("in > a b c", a={"model": "openai"}, b={"model": "nobody/x"})
    here = connections(tmp_path, key="")
    (offered,) = make_offer(flow, (), here).advice
    assert offered.fix == "Use local"
    assert offered.problem.nodes == ("a", "b")
    changed = apply_edit(flow, offered.edit)
    assert [getattr(node, "model", None) for node in changed.nodes] == [None] * 4
    assert make_offer(changed, (), here).advice == ()
    assert make_offer(changed, (), here).why_not == ""


def test_a_flow_whose_connections_can_be_used_is_offered_no_other(tmp_path: Path) -> None:
    flow = shape("in > a b", a={"model": "office"}, b={"model": "local"})
    assert make_offer(flow, (), connections(tmp_path)).advice == ()


def test_without_a_usable_default_the_first_that_can_be_used_is_offered(tmp_path: Path) -> None:
    file = 'default = "far"\n[far]\nbase_url = "http://127.0.0.1:9/v1"\nkey_env = "FAR"\n' + OFFICE
    flow = shape("in > a")
    (offered,) = make_offer(flow, (), connections(tmp_path, key="", file=file)).advice
    changed = apply_edit(flow, offered.edit)
    assert offered.fix in {"Use local", "Use office"}
    assert make_offer(changed, (), connections(tmp_path, key="", file=file)).why_not == ""
