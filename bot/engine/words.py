"""What the engine itself says: refusals and greetings of people it does not know."""

from __future__ import annotations

from bot.forms import Form, Note
from bot.messages import Button, File, Message
from bot.texts import mark, say


def unknown_person(contact: str) -> Message:
    ask = say("Please ask {contact} to add you.", contact=contact) if contact else say("Please ask HR to add you.")
    return Message(say("I don't know you yet"), (say("You are not on the list of people I work with."), ask))


def left_person(contact: str) -> Message:
    who = contact or say("HR")
    why = say("The list of people says so. What you have written stays as it is, and I ask you for nothing any more.")
    return Message(
        say("You no longer work here"), (why, say("If that is a mistake, please ask {contact}.", contact=who))
    )


def not_your_button() -> Message:
    why = say("It was given to another person. Type review to see what waits for you.")
    return Message(say("This button is someone else's"), (why,))


def gone() -> Message:
    why = say("What this button belongs to was closed or removed. Nothing has changed.")
    return Message(say("This is no longer there"), (why,))


def taken_back() -> Message:
    return Message(say("This was taken back"), (say("There is nothing to read here any more."),))


def older(newer: Message) -> Message:
    """In place of a second copy of it."""
    return Message(newer.title, (say("A newer message here tells you more."),))


def not_opened(label: str, phrase: str, ids: tuple[str, ...]) -> Message:
    """Slack refused, failed or said nothing: then the dialog may be open all the same."""
    return Message(
        say("Has nothing opened?"),
        (say("Then please press again. Nothing is lost."),),
        buttons=(Button(label or say("Open"), phrase, *ids, style="primary"),),
    )


def press_to_open(form: Form, phrase: str, *, in_chat: bool = False) -> Message:
    """Plain text cannot open a dialog: what stands at the top of the form, and a button."""
    about = tuple(field.label for field in form.pages[0][:1] if isinstance(field, Note))
    button = Button(say("Open"), phrase, *form.ids, style="primary", in_chat=in_chat)
    return Message(form.title, about, buttons=(button,))


def sent() -> Message:
    return Message(say("Sent"))


def nobody() -> str:
    return say("Please pick someone who works here now.")


def closed_meanwhile(message: Message) -> str:
    """For a form that can no longer be sent: what is typed stays on the screen to be copied."""
    lines = [line for line in message.lines if isinstance(line, str)]
    why = " ".join([f"{message.title}." if lines else message.title, *lines])
    return say("What you have changed here is not stored; it stays so that you can copy it. {why}", why=why)


def file_not_sent(file: File) -> Message:
    """Holds the file, too: it is what the file's row in the outbox says."""
    if file.alt:
        return Message(say("A picture could not be sent here"), (file.alt,), files=(file,))
    lines = (say("The chat did not take it. Nothing of it is lost: ask for it again later."),)
    return Message(say("The file {name} could not be sent here", name=file.name), lines, files=(file,))


def file_not_saved(file: File) -> Message:
    """The same for one that its reader wanted: it may be there all the same, and only they can see that."""
    if file.alt:
        return Message(say("I could not see the picture arrive"), (file.alt,), files=(file,))
    lines = (say("If it is not among your files, ask for it again: nothing of it is lost."),)
    return Message(say("I could not see the file {name} arrive", name=file.name), lines, files=(file,))


def file_declined(name: str) -> Message:
    lines = (say("It was not sent, and what waited here is deleted. You can ask for it again any time."),)
    return Message(say("All right, no {name}", name=name) if name else say("All right, no file"), lines)


def offer_ended(name: str) -> Message:
    lines = (say("It waited for seven days; what waited here is deleted. You can ask for it again any time."),)
    return Message(say("{name} waits no longer", name=name) if name else say("The file waits no longer"), lines)


def offered_before() -> Message:
    return Message(say("You have answered this before"), (say("What became of the file stands in another message."),))


TROUBLES = {
    "several": mark("Please send one file at a time."),
    "not_allowed": mark(
        "Rapport may not read files here yet. Please tell the people who run it: rapport check says what is missing."
    ),
    "too_large": mark("It is larger than 10 MB. Leave out columns that are not needed, or save it as CSV."),
    "gone": mark("It is not there any more. Please send it again."),
    "no_answer": mark("It could not be fetched just now. Please send it again in a few minutes."),
}


def no_files() -> Message:
    return Message(say("I read no files"), (say("It was not fetched and is stored nowhere here."),))


def file_not_read(why: str) -> Message:
    return Message(say("I have not read the file"), (say(TROUBLES[why]),))
