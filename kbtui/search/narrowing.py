"""Which entries one narrowing of a search lets in: a tag, a state, an owner, oneself, what is due for a check (F8)."""

from __future__ import annotations

from collections.abc import Mapping

from kbtui.entry.model import State
from kbtui.search.catalogue import Catalogue
from kbtui.search.postings import View
from kbtui.search.schema import FLAGS, PATH
from kbtui.search.typed import Filter, flag
from kbtui.search.wanted import Wanted

_VALIDATED, _NOT_VALIDATED = flag("state", State.VALIDATED), flag("state", State.NOT_VALIDATED)


def fitting(narrowing: Filter, wanted: Wanted, view: View, catalogue: Catalogue) -> set[int]:
    """Return the numbers of the entries that fit."""
    if narrowing.is_mine and wanted.me:
        return {*view.documents(FLAGS, flag("owner", wanted.me))}
    if day := narrowing.due_by(wanted.today):
        return {document for path in catalogue.due(day) for document in view.documents(PATH, path)}
    documents = {*view.documents(FLAGS, narrowing.flag)}
    if not wanted.proven or narrowing.flag not in (_VALIDATED, _NOT_VALIDATED):
        return documents
    lifted = _lifted(wanted.proven, view, catalogue)
    return documents | lifted if narrowing.flag == _VALIDATED else documents - lifted


def _lifted(proven: Mapping[str, str], view: View, catalogue: Catalogue) -> set[int]:
    """Return the entries that are proven: they are validated, whatever their files say."""
    cards = catalogue.cards([*proven]).values()
    paths = [card.path for card in cards if card.words == proven[card.path]]
    lifted = {document for path in paths for document in view.documents(PATH, path)}
    return lifted & view.documents(FLAGS, _NOT_VALIDATED)


def is_known(narrowing: Filter, wanted: Wanted) -> bool:
    """Whether it narrows even where no entry fits: a state, one's own, what is due. Others are words then."""
    is_state = narrowing.key == "state" and narrowing.value in list(State)
    return is_state or (narrowing.is_mine and bool(wanted.me)) or bool(narrowing.due_by(wanted.today))
