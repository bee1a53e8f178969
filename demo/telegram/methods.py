"""All methods that this Telegram has, by their names in lower case: the API ignores case."""

from collections.abc import Callable

from demo.telegram import (
    methods_chat,
    methods_edit,
    methods_media,
    methods_photo,
    methods_profile,
    methods_send,
    methods_webhook,
)
from demo.telegram.request import Params
from demo.telegram.state import World

Method = Callable[[World, Params], object]
"""Takes the parameters, gives the ``result``; raises ``ApiError``."""

METHODS: dict[str, Method] = {
    "getme": methods_profile.get_me,
    "setmycommands": methods_profile.set_my_commands,
    "getmycommands": methods_profile.get_my_commands,
    "deletemycommands": methods_profile.delete_my_commands,
    "setmyname": methods_profile.Setter("name"),
    "getmyname": methods_profile.Getter("name"),
    "setmydescription": methods_profile.Setter("description"),
    "getmydescription": methods_profile.Getter("description"),
    "setmyshortdescription": methods_profile.Setter("short_description"),
    "getmyshortdescription": methods_profile.Getter("short_description"),
    "setmyprofilephoto": methods_photo.set_my_profile_photo,
    "removemyprofilephoto": methods_photo.remove_my_profile_photo,
    "getuserprofilephotos": methods_photo.get_user_profile_photos,
    "setchatmenubutton": methods_profile.set_chat_menu_button,
    "getchatmenubutton": methods_profile.get_chat_menu_button,
    "setwebhook": methods_webhook.set_webhook,
    "deletewebhook": methods_webhook.delete_webhook,
    "getwebhookinfo": methods_webhook.get_webhook_info,
    "logout": methods_webhook.log_out,
    "close": methods_webhook.close,
    "sendmessage": methods_send.send_message,
    "sendchataction": methods_send.send_chat_action,
    "copymessage": methods_send.copy_message,
    "forwardmessage": methods_send.forward_message,
    "sendphoto": methods_media.send_photo,
    "senddocument": methods_media.send_document,
    "sendmediagroup": methods_media.send_media_group,
    "getfile": methods_media.get_file,
    "editmessagetext": methods_edit.edit_message_text,
    "editmessagecaption": methods_edit.edit_message_caption,
    "editmessagemedia": methods_media.edit_message_media,
    "editmessagereplymarkup": methods_edit.edit_message_reply_markup,
    "deletemessage": methods_edit.delete_message,
    "deletemessages": methods_edit.delete_messages,
    "answercallbackquery": methods_edit.answer_callback_query,
    "getchat": methods_chat.get_chat,
    "pinchatmessage": methods_chat.pin_chat_message,
    "unpinchatmessage": methods_chat.unpin_chat_message,
    "unpinallchatmessages": methods_chat.unpin_all_chat_messages,
    "leavechat": methods_chat.leave_chat,
    "setmessagereaction": methods_chat.set_message_reaction,
}
