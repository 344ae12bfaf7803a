"""Why a file is refused: every code with its words and its advice."""

from __future__ import annotations

from workplan.errors import FileError

_SAVE_AS_DOCX = "open it in WPS or Word and save it as .docx (另存为 docx 后重试)"
_DOWNLOAD_AGAIN = "download it or ask for it again (请重新下载或向来文单位索取)"

_FAULTS: dict[str, tuple[str, str]] = {
    "missing": ("no such file (文件不存在)", "check the path (请核对路径)"),
    "not-a-file": (
        "this is no regular file (不是普通文件)",
        "name a file, or give its folder to extract (请指定文件)",
    ),
    "unreadable": (
        "the file cannot be opened: {detail} (无法打开)",
        "check its permissions and close it in other programs (请检查权限或关闭占用它的程序)",
    ),
    "empty": ("the file is empty (空文件)", _DOWNLOAD_AGAIN),
    "too-large": (
        "the file has {size:,} bytes, more than the {limit:,} that are read (文件过大)",
        "split it, or raise limits in configs/read.yaml (请拆分文件或调整上限)",
    ),
    "too-long": (
        "{detail} (文本过长，不像工作计划)",
        "split it, or raise limits in configs/read.yaml (请拆分文件或调整上限)",
    ),
    "binary": (
        "this is {detail}, not a document (不是文档)",
        "name the document itself; recognise a picture's text first and save that as txt or docx"
        " (请核对文件；图片请先做文字识别，另存为 txt 或 docx)",
    ),
    "unsupported": ("{detail} cannot be read (不支持的格式)", _SAVE_AS_DOCX),
    "encoding": (
        "no encoding makes text of it (无法识别编码)",
        "save it as UTF-8 text (请用记事本另存为 UTF-8)",
    ),
    "damaged": ("the file is damaged: {detail} (文件损坏或不完整)", _DOWNLOAD_AGAIN),
    "encrypted": (
        "the file is protected by a password (文件已加密)",
        "save a copy without a password (请解除密码后另存)",
    ),
    "bomb": (
        "the file unpacks to far more than a document: {detail} (疑似压缩炸弹)",
        "do not open it; ask its sender (请勿打开，并向来源核实)",
    ),
    "no-text": (
        "there is no text in it (没有可提取的文字)",
        "look whether it is the right file; recognise a scan's text first and save that as docx"
        " (请核对文件；扫描件请先做文字识别，另存为 docx)",
    ),
    "garbled": (
        "its fonts do not say which characters they draw (字体缺少编码，提取出乱码)",
        "recognise its text and save that as docx, or ask for the original"
        " (请做文字识别，或索取原始 docx)",
    ),
    "no-converter": (
        "{detail} needs LibreOffice, which is not installed (需要 LibreOffice)",
        _SAVE_AS_DOCX,
    ),
    "not-converted": ("LibreOffice could not convert it: {detail} (转换失败)", _SAVE_AS_DOCX),
}

CODES = tuple(_FAULTS)
"""Every code that reading gives, in the order in which the checks come."""


def fault(code: str, where: str = "", **details: object) -> FileError:
    """The error for `code`; `details` fill the blanks of its words."""
    what, remedy = _FAULTS[code]
    return FileError(code, what.format(**details), where=where, remedy=remedy)
