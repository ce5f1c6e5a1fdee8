"""Prompt: a message as a template with placeholders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flows.ids import NodeId
from flows.share.python_import.draft import Draft, Step
from flows.share.python_import.gates import Gate
from flows.share.python_import.headings import (
    BLOCKS,
    has_words_around,
    may_fail,
    without_headings,
)
from flows.share.python_import.links import Links, sources_in, steps_in
from flows.share.python_import.names import Names
from flows.share.python_import.texts import parts_of
from flows.share.python_import.values import (
    Given,
    Handed,
    Index,
    Item,
    Known,
    Listed,
    Listing,
    Made,
    Merged,
    Output,
    Result,
    Unclear,
    Value,
)

_STEP = re.compile(r"[^\s.{}]+")


@dataclass(frozen=True, slots=True)
class Prompts:
    """Writes the messages of one flow."""

    draft: Draft
    names: Names
    links: Links

    def of(self, step: Step) -> str:
        """Write a step's message; empty where its parents' outputs are it as they are."""
        message = step.message
        if isinstance(message, Unclear) and not parts_of(message):
            self.draft.remark(
                step.line, "The message is known only when the program runs; write the prompt."
            )
        parents = self._parents(step)
        if isinstance(message, Merged) and len(parents) > 1:
            whole = [each for each in message.options if not getattr(each, "path", ())]
            read = {each.step for each in whole if isinstance(each, Output | Result)}
            is_all = read == set(self.links.parents[step.number])
            if is_all and len(read) == len(message.options) and not self.links.gates[step.number]:
                return ""  # only one of them comes
        written = self._written(message, step)
        if written == self._usual(step, parents):
            return ""
        is_led = bool(self.links.gates[step.number])  # a router hands something on, too
        folded = written if is_led else self._folded(written, parents)
        return self._with_what_came(step) if folded == written else folded

    def _written(self, message: Value, step: Step) -> str:
        return "".join(self._piece(part, step) for part in parts_of(message))

    def _with_what_came(self, step: Step) -> str:
        """Write a message; no heading is to stand there without the answer that is under it."""
        read = tuple(dict.fromkeys(steps_in(step.message)))
        if not may_fail(self.draft, read) or not has_words_around(step.message, read):
            return self._written(step.message, step)
        titles = {each: self.names.titles[self.names.steps[each]] for each in read}
        is_all = read == self.links.parents[step.number]
        came = without_headings(step.message, read, titles) if is_all else None
        self.draft.remark(
            step.line,
            "Where an answer fails, the words around it stay, with nothing under them."
            if came is None
            else "The answers that came stand as {{ parents }}, each under `## ` and its name.",
        )
        return self._written(step.message if came is None else came, step)

    def _parents(self, step: Step) -> Sequence[NodeId]:
        return [self.names.steps[each] for each in self.links.parents[step.number]]

    def _folded(self, written: str, parents: Sequence[NodeId]) -> str:
        """Write blocks for all parents as the placeholder that makes them."""
        blocks = self._blocks(parents)
        if not parents or blocks not in written:
            return written
        if written == blocks and len(parents) > 1:
            return ""
        return written.replace(blocks, "{{ parents }}")

    def _blocks(self, parents: Sequence[NodeId]) -> str:
        titles = self.names.titles
        return "\n\n".join(f"## {titles[each]}\n{{{{ nodes.{each}.output }}}}" for each in parents)

    def _usual(self, step: Step, parents: Sequence[NodeId]) -> str | None:
        """Write what an empty prompt means here; None where no message says that."""
        if step.loop is not None:
            return "{{ item }}"
        if self.links.gates[step.number]:
            return self._came(step) if parents else self._routed(step)
        match parents:
            case []:
                return self._all_inputs()
            case [only]:
                return f"{{{{ nodes.{only}.output }}}}"
            case _:
                return self._blocks(parents)

    def _came(self, step: Step) -> str | None:
        """Write the blocks of all that leads here, what routers hand on among it."""
        sources = sources_in(step.message)
        led = {router for router, _ in self.links.gates[step.number]}
        is_all = {*sources} == {*self.links.parents[step.number], *led}
        return self._blocks([self.names.steps[each] for each in sources]) if is_all else None

    def _routed(self, step: Step) -> str | None:
        """Write what a router hands on: its own message."""
        routers = {router for router, _ in self.links.gates[step.number]}
        if len(routers) > 1:
            return None
        router = self.draft.steps[routers.pop()]
        return "".join(self._piece(part, router) for part in parts_of(router.message))

    def _all_inputs(self) -> str:
        inputs = list(self.names.inputs.values())
        if len(inputs) == 1:
            return "{{ input }}"
        titles = self.names.titles
        return "\n\n".join(f"## {titles[each]}\n{{{{ inputs.{each} }}}}" for each in inputs)

    def _piece(self, part: str | Value, step: Step) -> str:
        if isinstance(part, str):
            if "{{" in part.replace(BLOCKS, ""):
                self.draft.remark(
                    step.line, "The message has {{ in it, which starts a placeholder."
                )
            return part
        if isinstance(part, Unclear):
            self.draft.remark(
                step.line,
                "A part of this message is one of several, or not known before it runs; all that "
                "is known of it stands there. Read it.",
            )
        said = self.placeholder(part, step)
        return "" if said is None else f"{{{{ {said} }}}}"

    def placeholder(self, value: Value, step: Step) -> str | None:
        """Write what stands between the braces; None where nothing can."""
        match value:
            case Given(name=name, path=path):
                only = len(self.names.inputs) == 1
                root = "input" if only else f"inputs.{self.names.inputs[name]}"
            case Output(step=number, path=path):
                root = self._output(number, step)
            case Handed(gate=Gate(router=number)):
                root, path = f"nodes.{self.names.steps[number]}.output", ()
            case Item(loop=loop, path=path):
                root = "item" if loop == step.loop else ""
            case Index(loop=loop):
                root, path = "index" if loop == step.loop else "", ()
            case _:
                return None
        if not root or not all(map(_STEP.fullmatch, path)):
            self.draft.remark(
                step.line,
                "This message uses a value that a flow does not have at this step, so the value is "
                "left out. Read the prompt.",
            )
            return None
        return ".".join((root, *path))

    def _output(self, number: int, step: Step) -> str:
        if step.loop is not None and self._is_item(number, step):
            if number in (inner := self._of_item(step))[:-1]:
                name = self.names.titles[self.names.steps[number]]
                last = self.names.titles[self.names.steps[inner[-1]]]
                self.draft.remark(
                    step.line,
                    f'For each item this reads what "{name}" and "{last}" gave. A flow hands on '
                    f'one answer an item, that of "{last}"; all that "{name}" gave stands here '
                    "instead. Read the prompt.",
                )
                return f"nodes.{self.names.steps[number]}.output"
            return "item"
        return f"nodes.{self.names.steps[number]}.output"

    def _is_item(self, number: int, step: Step) -> bool:
        """Say whether an output is, for a step of a loop, the one of its own item."""
        other = self.draft.steps[number]
        if other.loop == step.loop:
            return True
        items = None if step.loop is None else self.draft.loops[step.loop].items
        return isinstance(items, Listing) and other.loop == items.loop

    def _of_item(self, step: Step) -> list[int]:
        """Return the steps of a step's loop that it reads, in the order in which they begin."""
        read = {*steps_in(step.message)} - {step.number}
        return sorted(each for each in read if self.draft.steps[each].loop == step.loop)

    def items(self, step: Step) -> str | tuple[str, ...]:
        """Write what a for_each goes over."""
        assert step.loop is not None
        earlier = self._of_item(step)
        if earlier:
            return f"{{{{ nodes.{self.names.steps[earlier[-1]]}.output }}}}"
        loop = self.draft.loops[step.loop]
        match loop.items:
            case Listed(items=items) if all(isinstance(each, Known) for each in items):
                return tuple(str(each.value) for each in items if isinstance(each, Known))
            case Listing(element=element):
                return self._first(element, step)
            case items:
                return self._first(items, step)

    def _first(self, value: Value, step: Step) -> str:
        outside = Step(step.number, step.line, "agent", value, step.after)
        parts = [part for part in parts_of(value) if not isinstance(part, str)]
        if (
            isinstance(value, Made | Unclear)
            or len(parts) != 1
            or isinstance(parts[0], Item | Index)
        ):
            self.draft.remark(
                step.line, "What this loop goes over is known only when it runs; write it in."
            )
        for part in parts:
            if (said := self.placeholder(part, outside)) is not None:
                return f"{{{{ {said} }}}}"
        return "{{ parents }}"
