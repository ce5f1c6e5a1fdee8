"""Result: what the end steps gave, returned by the program or handed out as it comes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flows.ids import NodeId
from flows.plan.plan import Plan, Step
from flows.share.python_code.layout import Arg, Call, Code, Expr, flat_of, text
from flows.share.python_code.scope import Scope
from flows.share.python_code.statements import If, Line, Say, Statement
from flows.share.python_code.waves import Wave


@dataclass(slots=True)
class Results:
    """How the ends of one flow leave the program. `is_returned`: that is written already.

    `is_one_of_several`: just one end is come to, and returned there. `may_be_none`: or none is.
    """

    plan: Plan
    is_returned: bool = False
    is_one_of_several: bool = False
    may_be_none: bool = False

    @property
    def is_one(self) -> bool:
        """Whether the program gives one result, and not one by each name."""
        return len(self.plan.ends) == 1 or self.is_one_of_several

    @property
    def come_at_once(self) -> bool:
        """Whether each end is handed out the moment it is there; a single end always is."""
        return self.plan.flow.run.results == "as_completed" and len(self.plan.ends) > 1

    def are_handed_out(self, wave: Wave) -> bool:
        """Say whether a wave's results are the ends, and go out as they come."""
        routed = any(
            self.plan.steps[parent].branches for step in wave.steps for parent in step.work_parents
        )
        ends = {step.id for step in wave.steps} == set(self.plan.ends)
        return self.come_at_once and ends and not routed

    def is_only(self, step: Step) -> bool:
        """Say whether a step is the only end that is come to."""
        return self.is_one and step.id in self.plan.ends

    def name_of(self, step: Step) -> Expr:
        """Write the name an end is shown under; with the id where another has the same name."""
        return text(self._name(step.id))

    def _name(self, node: NodeId) -> str:
        counts = Counter(self.plan.names[each] for each in self.plan.ends)
        name = self.plan.names[node]
        return name if counts[name] == 1 else f"{name} ({node})"

    def annotation(self, scope: Scope) -> str:
        """Return the type of what `run_flow` returns."""
        if self.come_at_once:
            return "None"
        if self.is_one:
            values = [scope.given[node] for node in self.plan.ends]
            kinds = [each.annotation.removesuffix(" | None") for each in values]
            maybe = self.may_be_none or (values[0].is_maybe and not self.is_one_of_several)
            nothing = ["None"] if maybe else []
            return "Any" if "Any" in kinds else " | ".join(dict.fromkeys(kinds + nothing))
        return "dict[str, str]" if scope.ends_in_texts else "dict[str, Any]"

    def ending(self, scope: Scope, *, errors: bool = False) -> list[Statement]:
        """Write the return. `errors`: a list of that name holds what failed under `collect`."""
        if self.is_returned or self.come_at_once:
            return []
        values = [scope.given[node] for node in self.plan.ends]
        nothing = tuple(f"{value.code} is None" for value in values)
        failed: list[Statement] = []
        if errors and all(value.is_maybe for value in values):
            raising = Line("raise errors[0]")
            failed = [If(("errors", *nothing), (raising,), joined_by="and")]
        if len(values) == 1:
            return [*failed, Line(f"return {values[0].code}")]
        pairs = tuple(
            Arg(Code(value.code), f"{flat_of(text(self._name(node)))}: ")
            for node, value in zip(self.plan.ends, values, strict=True)
        )
        if not any(value.is_maybe for value in values):
            return [*failed, Say("return ", Call("{", pairs, "}"))]
        kept = "{name: output for name, output in results.items() if output is not None}"
        return [*failed, Say("results = ", Call("{", pairs, "}")), Line(f"return {kept}")]
