"""Every setting: its default, blank, and one clear sentence where it is wrong."""

from pathlib import Path

import httpx
import pytest

from bot.addresses import is_loopback
from bot.listen_address import ListenAddress
from bot.proxies.address import Proxy, ProxyScheme
from bot.settings import (
    AllowedUsers,
    Language,
    LogFormat,
    LogLevel,
    Settings,
    SettingsError,
)
from bot.settings_reading import load_settings

TOKEN = "123456789:AAE-secret_of_the_bot_1234567890abc"
DEFAULTS: dict[str, object] = {
    "TELEGRAM_API_URL": "https://api.telegram.org",
    "ZJY_BASE_URL": "https://zjy2.icve.com.cn",
    "TELEGRAM_PROXY": None,
    "PLATFORM_PROXY": None,
    "WEBHOOK_URL": None,
    "WEBHOOK_LISTEN": None,
    "DATA_DIR": Path("data"),
    "CLOCK_SPEED": 1.0,
    "DEFAULT_LANGUAGE": Language.ZH,
    "MAX_RUNNING_JOBS": 200,
    "PLATFORM_REQUESTS_PER_SECOND": 20.0,
    "TELEGRAM_MESSAGES_PER_SECOND": 25.0,
    "BACKUP_KEEP_DAYS": 7,
    "HEALTH_ADDRESS": None,
    "LOG_LEVEL": LogLevel.INFO,
    "LOG_FORMAT": LogFormat.CONSOLE,
}


@pytest.fixture(autouse=True)
def no_settings_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("BOT_TOKEN", TOKEN)


def test_the_defaults_are_these() -> None:
    settings = load_settings()
    assert {name: getattr(settings, name.lower()) for name in DEFAULTS} == DEFAULTS
    assert settings.bot_token == TOKEN
    assert 1 not in settings.allowed_users
    assert settings.bot_keys is None
    others = {"bot_token", "allowed_users", "bot_keys"}
    assert {name.lower() for name in DEFAULTS} | others == set(Settings.model_fields)


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_blank_setting_is_its_default(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "")
    assert getattr(load_settings(), name.lower()) == DEFAULTS[name]


def test_a_blank_list_of_users_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_USERS", "")
    assert 1 not in load_settings().allowed_users


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
        ("ZJY_BASE_URL", " https://example.com ", "https://example.com"),
        ("TELEGRAM_PROXY", " http://127.0.0.1:7890/ ", Proxy(ProxyScheme.HTTP, "127.0.0.1", 7890)),
        ("PLATFORM_PROXY", "socks5h://h:1", Proxy(ProxyScheme.SOCKS5H, "h", 1)),
        ("TELEGRAM_PROXY", "  ", None),
        ("WEBHOOK_URL", " https://bot.example.org:8443/hook ", "https://bot.example.org:8443/hook"),
        ("WEBHOOK_URL", "  ", None),
        ("WEBHOOK_LISTEN", "  ", None),
        ("DATA_DIR", "/srv/bot", Path("/srv/bot")),
        ("DEFAULT_LANGUAGE", " EN ", Language.EN),
        ("MAX_RUNNING_JOBS", "3", 3),
        ("PLATFORM_REQUESTS_PER_SECOND", "0.5", 0.5),
        ("TELEGRAM_MESSAGES_PER_SECOND", "0.5", 0.5),
        ("BACKUP_KEEP_DAYS", "0", 0),
        ("HEALTH_ADDRESS", " 127.0.0.1:8080 ", ListenAddress("127.0.0.1", 8080)),
        ("HEALTH_ADDRESS", "[::1]:1", ListenAddress("::1", 1)),
        ("HEALTH_ADDRESS", " ", None),
        ("LOG_LEVEL", "DEBUG", LogLevel.DEBUG),
        ("LOG_FORMAT", "Json", LogFormat.JSON),
        ("BOT_TOKEN", f"  {TOKEN}\n", TOKEN),
        ("BOT_TOKEN", TOKEN.replace(":", "："), TOKEN),
        ("BOT_TOKEN", f"\u200b{TOKEN}\u200b", TOKEN),
    ],
)
def test_a_setting_is_read_from_the_environment(
    name: str, written: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, written)
    assert getattr(load_settings(), name.lower()) == value


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "https://"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:99999"),
        ("TELEGRAM_API_URL", "http://[::1"),
        *(
            (name, address)
            for name in ("TELEGRAM_API_URL", "ZJY_BASE_URL")
            for address in (
                "https://zjy2.icve.com.cn，",
                "https://zjy2.icve.com.cn。",
                "https://zjy2.icve.com.cn\u200b",
                "https：//zjy2.icve.com.cn",
                "https://职教云.cn",
                "http://xn--é.com",
                "http://[v1.x]",
                "http://[::1]x",
                "http://a\x01b",
                "http://a b",
                "http://a\\b",
                "http://-a.com",
                "http://a..b",
                "http://1.2.3.4.5",
                "http://300.0.0.1",
                "http://１２７.0.0.1:1",
                "http://127.0.0.1:１",
                "http://127.0.0.1:",
                "http://127.0.0.1:0",
                "https://a.com/?x=1",
                "https://a.com/#",
                "https://a.com/?",
                "http://a\udce9.com",
                "<https://a.com>",
                "https://https://a.com",
            )
        ),
        ("TELEGRAM_API_URL", "https://api.telegram.org/bot"),
        ("TELEGRAM_API_URL", f"https://api.telegram.org/bot{TOKEN}"),
        ("BOT_TOKEN", TOKEN.replace(":", "")),
        ("BOT_TOKEN", f"{TOKEN[:20]}\n{TOKEN[20:]}"),
        ("BOT_TOKEN", f"{TOKEN}\udcff"),
        ("BOT_TOKEN", f"“{TOKEN}”"),
        ("BOT_TOKEN", f"bot{TOKEN}"),
        ("BOT_TOKEN", f"{TOKEN}/getMe"),
        ("DATA_DIR", "data\udce9"),
        ("DATA_DIR", "loop"),
        ("TELEGRAM_PROXY", "socks4://127.0.0.1:7890"),
        ("TELEGRAM_PROXY", "127.0.0.1:7890"),
        ("PLATFORM_PROXY", "http://127.0.0.1:port"),
        *(
            ("WEBHOOK_URL", wrong)
            for wrong in (
                "bot.example.org",
                "http://bot.example.org/hook",
                "https://user:password@bot.example.org",
                "https://bot.example.org/?secret=1",
                "https://bot.example.org:99999",
                "https：//bot.example.org",
                "ftp://127.0.0.1",
            )
        ),
        *(
            ("WEBHOOK_LISTEN", wrong)
            for wrong in (
                "8080",
                ":8080",
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:0",
                "127.0.0.1:65536",
                "127.0.0.1:８０８０",
                "::1:8080",
                "[::x]:8080",
                "http://127.0.0.1:8080",
                "a b:8080",
            )
        ),
        ("ZJY_BASE_URL", "ftp://zjy2.icve.com.cn"),
        ("ALLOWED_USERS", "@me"),
        ("ALLOWED_USERS", "1, *"),
        ("CLOCK_SPEED", "0"),
        ("CLOCK_SPEED", "-1"),
        ("CLOCK_SPEED", "nan"),
        ("CLOCK_SPEED", "inf"),
        ("CLOCK_SPEED", "fast"),
        ("DEFAULT_LANGUAGE", "fr"),
        ("MAX_RUNNING_JOBS", "0"),
        ("MAX_RUNNING_JOBS", "many"),
        ("PLATFORM_REQUESTS_PER_SECOND", "0"),
        ("PLATFORM_REQUESTS_PER_SECOND", "nan"),
        ("TELEGRAM_MESSAGES_PER_SECOND", "0"),
        ("TELEGRAM_MESSAGES_PER_SECOND", "inf"),
        ("TELEGRAM_MESSAGES_PER_SECOND", "25 a second"),
        ("BACKUP_KEEP_DAYS", "-1"),
        ("DATA_DIR", "/"),
        ("BACKUP_KEEP_DAYS", "36501"),
        ("HEALTH_ADDRESS", "8080"),
        ("HEALTH_ADDRESS", "127.0.0.1"),
        ("HEALTH_ADDRESS", "127.0.0.1:0"),
        ("HEALTH_ADDRESS", "127.0.0.1:65536"),
        ("HEALTH_ADDRESS", "http://127.0.0.1:8080"),
        ("HEALTH_ADDRESS", "::1:8080"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_setting(
    name: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("loop").symlink_to("loop")
    monkeypatch.setenv(name, wrong)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    said = str(raised.value)
    assert said.startswith(f"{name}: ")
    assert said.endswith(".")
    assert "\n" not in said
    assert TOKEN not in said


@pytest.mark.parametrize(
    "address",
    [
        "https://api.telegram.org",
        "http://[::1]:8081",
        "http://bot_api:8081",
        "https://xn--fiqs8s.cn/a-path",
        "https://example.com/tele%20gram",
        "http://user:password@example.com:1",
        "HTTPS://EXAMPLE.COM.",
    ],
)
@pytest.mark.parametrize("name", ["TELEGRAM_API_URL", "ZJY_BASE_URL"])
def test_an_address_that_requests_can_be_sent_to_is_taken(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, address)
    taken = getattr(load_settings(), name.lower())
    assert httpx.URL(taken).host


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("127.0.0.1:8080", ListenAddress("127.0.0.1", 8080)),
        (" [::1]:8080 ", ListenAddress("::1", 8080)),
        ("0.0.0.0:80", ListenAddress("0.0.0.0", 80)),  # noqa: S104 - read, not bound
        ("bot-1.lan:65535", ListenAddress("bot-1.lan", 65535)),
    ],
)
def test_the_bot_can_listen_on_any_address_of_the_machine(
    written: str, address: ListenAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "https://bot.example.org")
    monkeypatch.setenv("WEBHOOK_LISTEN", written)
    listen = load_settings().webhook_listen
    assert listen == address
    assert ListenAddress.parse(str(listen)) == listen


@pytest.mark.parametrize(
    ("url", "api", "is_taken"),
    [
        ("https://bot.example.org:8080", "https://api.telegram.org", False),
        ("http://127.0.0.1:8080", "https://api.telegram.org", False),
        ("https://bot.example.org:8080", "http://127.0.0.1:8081", True),
        ("http://127.0.0.1:8080/hook", "http://127.0.0.1:8081", True),
        ("http://localhost:8080", "http://bot_api:8081", True),
    ],
)
def test_a_webhook_that_telegram_would_refuse_is_told_before_the_start(
    url: str, api: str, is_taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_URL", url)
    monkeypatch.setenv("TELEGRAM_API_URL", api)
    if is_taken:
        assert load_settings().webhook_url == url
        return
    with pytest.raises(SettingsError, match=r"^WEBHOOK_URL must start with https.*\.$"):
        load_settings()


@pytest.mark.parametrize(
    ("listen", "health", "is_wrong"),
    [
        ("127.0.0.1:8081", "127.0.0.1:8081", True),
        (None, "127.0.0.1:8080", True),
        ("127.0.0.1:8081", "127.0.0.1:8080", False),
        (None, "127.0.0.1:9464", False),
    ],
)
def test_the_health_and_the_webhook_need_an_address_each(
    listen: str | None, health: str, is_wrong: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "https://bot.example.org/hook")
    monkeypatch.setenv("HEALTH_ADDRESS", health)
    if listen is not None:
        monkeypatch.setenv("WEBHOOK_LISTEN", listen)
    if not is_wrong:
        assert load_settings().health_address is not None
        return
    with pytest.raises(
        SettingsError, match=r"^HEALTH_ADDRESS and WEBHOOK_LISTEN are the same .*\.$"
    ):
        load_settings()


def test_a_listener_without_a_webhook_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_LISTEN", "127.0.0.1:8080")
    with pytest.raises(SettingsError, match=r"^WEBHOOK_LISTEN is set and WEBHOOK_URL is not.*\.$"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("CLOCK_SPEED", "0", "must be greater than 0"),
        ("CLOCK_SPEED", "inf", "must be a number"),
        ("PLATFORM_REQUESTS_PER_SECOND", "many", "must be a number"),
        ("MAX_RUNNING_JOBS", "1.5", "must be a whole number"),
        ("MAX_RUNNING_JOBS", "-1", "must be at least 1"),
        ("MAX_RUNNING_JOBS", "9" * 5000, "must be a whole number"),
        ("BACKUP_KEEP_DAYS", "36501", "must be at most 36500"),
        ("LOG_LEVEL", "loud", "must be 'debug', 'info', 'warning' or 'error'"),
        ("DEFAULT_LANGUAGE", "fr", "must be 'zh' or 'en'"),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(
    name: str, wrong: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, wrong)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert str(raised.value) == f"{name}: {said}."


def test_each_wrong_setting_has_its_own_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_RUNNING_JOBS", "0")
    monkeypatch.setenv("LOG_LEVEL", "loud")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    named = {line.partition(":")[0] for line in str(raised.value).splitlines()}
    assert named == {"MAX_RUNNING_JOBS", "LOG_LEVEL"}


def test_every_mistake_is_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of single values, of values that do not fit together, of names, and what is missing."""
    monkeypatch.delenv("BOT_TOKEN")
    monkeypatch.setenv("CLOCK_SPEED", "60")
    monkeypatch.setenv("LOG_LEVEL", "loud")
    (tmp_path / ".env").write_text("ALLOWED_USER=12\nMAX_RUNNING_JOBS=many\n", "utf-8")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    lines = str(raised.value).splitlines()
    assert [line.partition(" ")[0] for line in lines] == [
        "MAX_RUNNING_JOBS:",
        "LOG_LEVEL:",
        "CLOCK_SPEED",
        "ALLOWED_USER:",
        "BOT_TOKEN",
    ]


def test_values_are_compared_only_if_each_of_them_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOCK_SPEED", "60")
    monkeypatch.setenv("ZJY_BASE_URL", "http//127.0.0.1")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert str(raised.value).count("\n") == 0
    assert str(raised.value).startswith("ZJY_BASE_URL: ")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ALLOWED_USER", "ALLOWED_USERS"),
        ("allowed_user", "ALLOWED_USERS"),
        ("ALOWED_USERS", "ALLOWED_USERS"),
        ("DATADIR", "DATA_DIR"),
        ("DATA_DIRS", "DATA_DIR"),
        ("LOGLEVEL", "LOG_LEVEL"),
        ("TELEGRAM_PROXI", "TELEGRAM_PROXY"),
        ("HEALTH_ADRESS", "HEALTH_ADDRESS"),
        ("PLATFORM_REQUEST_PER_SECOND", "PLATFORM_REQUESTS_PER_SECOND"),
    ],
)
@pytest.mark.parametrize("in_file", [False, True])
def test_a_name_near_that_of_a_setting_is_a_mistake(
    written: str, meant: str, in_file: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if in_file:
        (tmp_path / ".env").write_text(f"{written}=secret-value\n", "utf-8")
    else:
        monkeypatch.setenv(written, "secret-value")
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert str(raised.value) == f"{written}: did you mean {meant}?"


@pytest.mark.parametrize(
    "name", ["HTTPS_PROXY", "LOG_FILE", "XDG_DATA_DIRS", "MAX_JOBS", "TOKEN", "DATABASE_URL"]
)
def test_a_name_of_another_program_is_no_mistake(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    load_settings()


def test_a_near_name_is_no_mistake_beside_the_setting_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOGLEVEL", "debug")
    monkeypatch.setenv("LOG_LEVEL", "error")
    assert load_settings().log_level is LogLevel.ERROR


@pytest.mark.parametrize("written", [None, "", "   "])
def test_a_missing_token_is_told_only_where_it_is_needed(
    written: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if written is None:
        monkeypatch.delenv("BOT_TOKEN")
    else:
        monkeypatch.setenv("BOT_TOKEN", written)
    with pytest.raises(SettingsError, match="BOT_TOKEN is missing"):
        load_settings()
    assert load_settings(need_token=False).bot_token == ""


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://LOCALHOST.:1",
        "http://[::1]:1",
        "http://[::ffff:127.0.0.1]:1",
        "https://127.9.9.9",
    ],
)
def test_the_clock_may_run_fast_on_this_machine_alone(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_loopback(address)
    monkeypatch.setenv("ZJY_BASE_URL", address)
    monkeypatch.setenv("CLOCK_SPEED", "60")
    assert load_settings().clock_speed == 60


@pytest.mark.parametrize(
    "address",
    [
        "https://zjy2.icve.com.cn",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://127.0.0.1@example.com",
    ],
)
@pytest.mark.parametrize("speed", ["60", "0.5"])
def test_any_other_speed_is_refused_before_a_real_platform(
    address: str, speed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZJY_BASE_URL", address)
    monkeypatch.setenv("CLOCK_SPEED", speed)
    with pytest.raises(SettingsError, match=r"CLOCK_SPEED .* ZJY_BASE_URL") as raised:
        load_settings()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("written", "let_in", "kept_out"),
    [
        ("12", [12], [1, 2]),
        ("12,34", [12, 34], [1234]),
        (" 12 , 34 ,", [12, 34], [0]),
        ("12 34", [12, 34], [0]),
        ("12，34", [12, 34], [0]),
        ("12，34、56", [12, 34, 56], [0]),
        ("12;34；56", [12, 34, 56], [0]),
        ("１２\u300034", [12, 34], [0]),
        ("*", [1, 2, 10**12], []),
        (" ＊ ", [1, 2, 10**12], []),
        ("", [], [0, 1, None]),
        (",", [], [0, 1]),
    ],
)
def test_who_may_use_the_bot(
    written: str, let_in: list[int], kept_out: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOWED_USERS", written)
    allowed = load_settings().allowed_users
    assert all(user in allowed for user in let_in)
    assert not any(user in allowed for user in kept_out)
    assert AllowedUsers.parse(written).everybody == (written.strip() in {"*", "＊"})


def test_a_file_beside_the_bot_is_read_and_the_environment_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("MAX_RUNNING_JOBS=5\nLOG_LEVEL=error\nUNKNOWN=1\n", "utf-8")
    monkeypatch.setenv("LOG_LEVEL", "debug")
    settings = load_settings()
    assert (settings.max_running_jobs, settings.log_level) == (5, LogLevel.DEBUG)


def test_the_token_stands_in_no_text_of_the_settings() -> None:
    settings = load_settings()
    assert TOKEN not in repr(settings)
    assert TOKEN not in str(settings)


def test_a_proxys_password_stands_in_no_text_of_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_PROXY", "http://anna:geheim@127.0.0.1:7890")
    settings = load_settings()
    assert settings.telegram_proxy is not None
    assert "geheim" not in f"{settings!r} {settings}"


def test_settings_do_not_change_while_the_bot_runs() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match="frozen"):
        setattr(settings, "max_running_jobs", 1)  # noqa: B010 - the type checker knows it already


def test_the_token_can_be_a_secret_of_the_container_behind_all_other_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "bot_token"
    monkeypatch.setattr("bot.settings_sources.TOKEN_SECRET", secret)
    secret.write_text(f"{TOKEN}\n", "utf-8")
    monkeypatch.setenv("BOT_TOKEN", "")
    assert load_settings().bot_token == TOKEN
    Path(".env").write_text("BOT_TOKEN=1:of-the-file\n", "utf-8")
    assert load_settings().bot_token == "1:of-the-file"
    monkeypatch.setenv("BOT_TOKEN", "2:of-the-environment")
    assert load_settings().bot_token == "2:of-the-environment"


@pytest.mark.parametrize("content", [b"", b" \n", None])
def test_without_a_token_in_the_secret_it_is_missing(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "bot_token"
    monkeypatch.setattr("bot.settings_sources.TOKEN_SECRET", secret)
    monkeypatch.delenv("BOT_TOKEN")
    if content is not None:
        secret.write_bytes(content)
    with pytest.raises(SettingsError, match=r"^BOT_TOKEN is missing"):
        load_settings()


def test_a_secret_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.settings_sources.TOKEN_SECRET", tmp_path)
    with pytest.raises(SettingsError, match=r"^\S+ is a folder, not a text file: .*\.$"):
        load_settings()


def test_a_folder_that_each_account_shares_is_refused_and_left_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The bot would close it to all others, as root also /tmp."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    monkeypatch.setenv("DATA_DIR", str(shared))
    with pytest.raises(SettingsError, match="DATA_DIR: must be a folder of the bot's own"):
        load_settings(need_token=False)
    monkeypatch.setenv("DATA_DIR", str(shared / "bot"))
    assert load_settings(need_token=False).data_dir == shared / "bot"
