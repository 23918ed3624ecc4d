"""Every action, declared once: its words, its key on the screen, its command in line mode.

The screen's bindings, its command palette and help, and the line mode's help come from
here; a test fails when an action of one is missing in the other (F57).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do.

    Attributes:
        id: names it in code; the screen's handler is `action_<id>`.
        words: what it does, in a few words, for footer, palette and help.
        help: one sentence, for the line mode and for tooltips.
        command: its command in line mode; empty for what only a screen has, such as moving.
        key: its key on the screen; empty where the screen has none.
        in_footer: whether the footer shows it.
    """

    id: str
    words: str
    help: str
    command: str = ""
    key: str = ""
    in_footer: bool = False


SEARCH = Action("search", "Search", "Find the entries that answer a question.", "search", "ctrl+l")
SIMILAR = Action("similar", "Already asked?", "Find the entries whose questions are nearest to yours.", "similar", "f2")
DUPLICATES = Action("duplicates", "Duplicates", "Name entries that may be two of one.", "duplicates")
SHOW = Action("show", "Open", "Show one entry with everything the team knows about it.", "show", "enter", True)
NEW = Action("new", "New entry", "Write a question and its answer.", "new", "ctrl+n", True)
ASK = Action("ask", "Ask the team", "Save a question nobody could answer; colleagues see it.", "ask", "ctrl+o", True)
ANSWER = Action("answer", "Answer", "Answer an open question.", "answer", "a", True)
EDIT = Action("edit", "Fix", "Improve an entry.", "edit", "e", True)
CONFIRM = Action("confirm", "Confirm", "Confirm that the answer is right as it stands.", "confirm", "v", True)
HISTORY = Action("history", "History", "What happened to an entry, in plain words.", "history", "h")
UNDO = Action("undo", "Undo", "Take back the last change, as a new one; undo again to bring it back.", "undo", "z")
ARCHIVE = Action("archive", "Archive", "Mark an entry as no longer how we do it; it stays findable.", "archive", "x")
RESTORE = Action("restore", "Bring back", "Bring an archived entry back.", "restore", "x")
VARIANTS = Action(
    "variants", "Two versions", "Name the entries of which two versions are kept, and what differs.", "variants"
)
RESOLVE = Action("resolve", "Choose", "Choose between two versions of an entry, or combine them.", "resolve", "b", True)
CREDIT = Action(
    "credit",
    "Your words",
    "How your words helped, who thanked you; and whose words an entry is made of.",
    "credit",
    "f7",
)
ACKNOWLEDGE = Action(
    "acknowledge",
    "I have read it",
    "Say that you have read what everybody must read, as it stands.",
    "acknowledge",
    "k",
)
UNREAD = Action("unread", "Not read yet", "Say who has not read what everybody must read.", "unread")
WHO_KNOWS = Action("who_knows", "Who knows?", "Say who may know the answer, and why; send it there.", "who-knows", "o")
SEND = Action("send", "Send", "Send an open question to the colleague who may know; it is in their news.", "send")
DRILL = Action(
    "drill", "Drill", "Ask yourself what is asked most, for five minutes; nobody else sees it.", "drill", "f6"
)
LIST = Action("list", "List", "List entries by state, tag or owner, yours, or those due for a check.", "list")
COPY = Action("copy_answer", "Copy", "Copy what to say to the caller, as plain text.", "copy", "c", True)
USED = Action("used", "Used it", "Note that an entry answered your caller.", "used", "u", True)
FLAG = Action("flag", "Did not help", "Say in one line what is wrong; a person sees it.", "flag", "f", True)
THANK = Action("thank", "Thank", "Thank the people behind an entry.", "thank", "t")
JOIN = Action("join", "My caller too", "Count one caller more for an open question.", "join-question", "j", True)
JOIN_MARKED = Action("join_marked", "My caller too", "Count one caller more for the marked question.", "", "ctrl+t")
SAME_QUESTION = Action(
    "same_question",
    "Join the two",
    "Make two open questions that ask the same one; both are kept in it.",
    "same-question",
    "y",
)
SAME_AS = Action("same_as", "Add words", "Add your caller's words to an entry that answers them.", "same-as", "s")
TRUST = Action(
    "trust", "Why trust it?", "Say who confirmed an entry, how often it helped, who doubts it.", "trust", "w"
)
LINKS = Action("links", "See also", "Go to the entries that an entry names.", "links", "l")
RELOAD = Action("reload", "Reload", "Show an entry as it is now, after somebody else has changed it.", "", "r")
NEWS = Action("news", "News", "Say what is new since your last shift.", "news", "ctrl+r", True)
IDEA = Action("idea", "New idea", "Raise an idea: something the team could do better.", "idea", "i")
IDEAS = Action("ideas", "Ideas", "Ideas of the floor, and what became of them.", "ideas", "f9")
MOVE_IDEA = Action("move_idea", "Move idea", "Say that an idea is tried, in practice, or dropped.", "idea-move")
TRY_IDEA = Action("try_idea", "Trying", "Say that somebody tries the marked idea.", "", "g", True)
PRACTISE_IDEA = Action("practise_idea", "In practice", "Name the entry that the marked idea changed.", "", "p", True)
DROP_IDEA = Action("drop_idea", "Drop", "Drop the marked idea, with a reason.", "", "d", True)
MISSES = Action(
    "misses", "Misses", "Searches that found nothing, or nothing that was used; the most wanted first.", "misses"
)
SAMPLE = Action(
    "sample", "Known or new", "Say what share of the calls' questions the base knew, by a sample.", "sample", "r", True
)
MARK_KNOWN = Action("mark_known", "Known", "Say that the base had the answer to the marked question.", "", "k", True)
MARK_NEW = Action("mark_new", "New", "Say that the base had no answer to the marked question.", "", "n", True)
SINCE = Action("since", "Since when?", "Choose the first day of what is shown.", "", "d", True)
HEALTH = Action(
    "health", "Health", "Say where the base needs care: unanswered, due, unowned, flagged, doubled.", "health"
)
MEETING = Action(
    "meeting", "Meeting", "Write the pack for the staff meeting: one page of what the floor did.", "meeting", "m", True
)
WRITE_PACK = Action(
    "write_pack", "Write it", "Write the pack as a page and as Markdown, and say where they are.", "", "w", True
)
NARROW = Action(
    "narrow", "Narrow", "Show only entries of one state, tag or owner, yours, or those due for a check.", "", "f3"
)
KEYS = Action("keys", "Keys", "Say what every key does here.", "", "f1")
MAY = Action("may", "May I?", "Say what you may decide yourself, and whom to ask above it.", "may")
DRAFTS = Action("drafts", "To finish", "What you have begun to write and not saved.", "drafts", "ctrl+f", True)
SAVE = Action("save", "Save", "Save these words and go back to the query line.", "", "ctrl+s", True)
DISCARD = Action("discard", "Throw away", "Throw these words away; asks once more.", "", "ctrl+r", True)
MASK = Action(
    "mask", "Mask", "Put a masked form in place of the personal data found in these words.", "", "ctrl+g", True
)
EDITOR = Action("editor", "Editor", "Write on in your own editor ($EDITOR).", "", "f4", True)
AUTHORITY = Action("authority", "Who may decide", "Write down who may decide what, up to which limit.", "", "f8")
REVIEW = Action("review", "Review", "Say what wants a look, what matters most first, and why.", "review", "f12")
DIFF = Action(
    "diff", "What changed?", "Say what has changed in an entry since somebody validated it.", "diff", "d", True
)
SPOT_CHECK = Action(
    "spot_check",
    "Spot check",
    "Draw entries for coaching, with a checklist; a seed draws them again.",
    "spot-check",
    "s",
    True,
)
GOOD = Action("good", "Good", "Say that you would change nothing in the marked entry of the sample.", "", "g", True)
COACH = Action("coach", "Note", "Leave a note for those who wrote an entry; it is in their news.", "coach", "n", True)
CLOSE_FLAGS = Action("close_flags", "Mended", "Say that what was flagged is mended.", "close-flags", "k")
MERGE = Action(
    "merge",
    "Merge",
    "Merge an entry into another one, which keeps its callers' words, tags, links and people.",
    "merge",
    "m",
)
OWNER = Action("owner", "Owner", "Give an entry to somebody who keeps it true.", "owner", "o")
CHECK_BY = Action("check_by", "Check by", "Say by when somebody is to look whether it is still true.", "check-by", "b")
ME = Action("me", "Your name", "Say, once, the name colleagues see beside your words.", "me")
CHECK = Action("check", "Check", "Name what should be mended in the entries, by file and line.", "check")
REINDEX = Action("reindex", "Rebuild search", "Build the search anew from the entries.", "reindex")
HOOKS = Action("hooks", "Hooks", "Put kbtui's git hooks in, take them out, or say which are live.", "hooks")
DOCTOR = Action("doctor", "Doctor", "Look whether everything kbtui needs is in order.", "doctor")
SERVE = Action("serve", "In a browser", "Show the screen in a browser on this computer.", "serve")
INIT = Action("init", "Make a base", "Make a folder a knowledge base.", "init")
DEMO = Action("demo", "Demonstration", "Open a ready-made knowledge base to try kbtui with.", "demo")
SYNC = Action("sync", "Share now", "Give the team what you saved and take what it saved.", "sync", "f5")
JOIN_BASE = Action("join_base", "Join a team", "Get a team's base from its address, with search ready.", "join")
PURGE = Action("purge", "Purge", "After a leak: take words, or an entry, out of the whole history.", "purge")
HOOK = Action("hook", "Hook", "What the git hooks call; nobody types it.", "hook")

SECTIONS = {
    "While a caller waits": (
        SEARCH, SHOW, COPY, USED, FLAG, MAY, ASK, JOIN, JOIN_MARKED, SAME_AS, SIMILAR, LIST, NARROW, LINKS, TRUST,
    ),
    "Write and improve": (
        NEW, ANSWER, EDIT, CONFIRM, UNDO, ARCHIVE, RESTORE, HISTORY, SAME_QUESTION, DRAFTS,
        SAVE, DISCARD, MASK, AUTHORITY, EDITOR, RELOAD,
    ),
    "Your shift": (NEWS, ACKNOWLEDGE, THANK, CREDIT, WHO_KNOWS, SEND, IDEA, IDEAS, DRILL, KEYS, ME),
    "For leads": (
        REVIEW, DIFF, COACH, CLOSE_FLAGS, MERGE, OWNER, CHECK_BY, SPOT_CHECK, GOOD, VARIANTS, RESOLVE, DUPLICATES,
        UNREAD, MISSES, SAMPLE, MARK_KNOWN, MARK_NEW, SINCE, HEALTH, MEETING, WRITE_PACK,
        MOVE_IDEA, TRY_IDEA, PRACTISE_IDEA, DROP_IDEA,
    ),
    "The base itself": (SYNC, JOIN_BASE, INIT, DEMO, SERVE, CHECK, DOCTOR, HOOKS, REINDEX, PURGE, HOOK),
}  # fmt: skip
"""What belongs together, in the order of the help."""

ALL = tuple(action for section in SECTIONS.values() for action in section)
"""All of them, in the order of the help."""
