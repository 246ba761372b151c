"""What the app may do in Teams: its manifest asks for it, and people read what it is for."""

from __future__ import annotations

from bot.texts import mark

# Where it may be added, and what it may know of who adds it.
SCOPE, IDENTITY, FILES = "personal", "identity", "supportsFiles"
PERMISSIONS = {
    SCOPE: mark("writing to you in our own chat, and reading what you type and press there; no team, channel or group"),
    IDENTITY: mark("name, e-mail address, language and time zone of who uses it, to match accounts to people"),
    FILES: mark("offering a file in that chat, such as your own data; it goes to your OneDrive only if you accept it"),
    "Microsoft Graph": mark("nothing: the app has no access to the directory, to calendars, mails, files or chats"),
}
