"""The stylesheet of all widgets, written with the theme's names."""

from dataclasses import asdict
from pathlib import Path
from string import Template

from explorer.app.theme import RADIUS, Theme

_ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons"

_SHEET = Template("""
QToolTip { background: $panel; color: $text; border: 1px solid $card_border; padding: 4px 6px; }
QMainWindow::separator { background: $window; width: 5px; height: 5px; }
QMainWindow::separator:hover, QSplitter::handle:hover { background: $accent; }
QSplitter::handle { background: $window; }
QSplitter::handle:horizontal { width: 5px; }
QSplitter::handle:vertical { height: 5px; }

QDockWidget {
    color: $text; font-weight: 600; titlebar-close-icon: url("$close");
    titlebar-normal-icon: url("$float");
}
QDockWidget::title { background: $window; padding: 6px 8px; text-align: left; }
QDockWidget::close-button, QDockWidget::float-button {
    background: transparent; border: none; border-radius: 3px;
}
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: $hover; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton, QToolButton {
    background: $button; color: $text; border: 1px solid $border; border-radius: ${radius}px;
    padding: 4px 10px;
}
QToolButton { padding: 4px 6px; }
QToolButton[role="link"] {
    background: transparent; border-color: transparent; color: $accent; padding: 1px 3px;
}
QToolButton[role="compact"] { padding: 2px 4px; }
QToolButton[role="plain"] { background: transparent; border: none; padding: 1px; }
QToolButton[role="plain"]:hover, QToolButton[role="plain"]:focus { background: $hover; }
QToolBar QToolButton { background: transparent; border-color: transparent; }
QPushButton:hover, QToolButton:hover,
QToolButton[role="link"]:hover, QToolBar QToolButton:hover { background: $hover; }
QToolBar QToolButton#qt_toolbar_ext_button {
    background: $button; border-color: $card_border; min-width: 14px; padding: 0;
    qproperty-icon: url("$more");
}
QPushButton:pressed, QToolButton:pressed { background: $selection; }
QPushButton:checked, QToolButton:checked, QToolBar QToolButton:checked {
    background: $selection; border-color: $accent;
}
QPushButton:focus, QToolButton:focus, QToolButton[role="link"]:focus { border-color: $accent; }
QPushButton:default { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton:disabled, QToolButton:disabled {
    color: $text_disabled; background: transparent; border-color: $border;
}
QToolBar QToolButton:disabled { border-color: transparent; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QTextEdit {
    background: $field; color: $text; border: 1px solid $border; border-radius: ${radius}px;
    padding: 3px 6px; selection-background-color: $accent; selection-color: $on_accent;
}
QPlainTextEdit, QTextEdit { padding: 2px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }
QComboBox, QAbstractSpinBox {
    background: $field; color: $text; border: 1px solid $border; border-radius: ${radius}px;
    min-height: 22px; padding: 0 6px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QComboBox:hover, QAbstractSpinBox:hover { border-color: $card_border; }
QComboBox:focus, QComboBox:on, QAbstractSpinBox:focus { border-color: $accent; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {
    color: $text_disabled; background: $window;
}
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url("$down"); width: 11px; height: 11px; }
QAbstractSpinBox { min-height: 19px; padding-right: 18px; }
QAbstractSpinBox QLineEdit { border: none; padding: 0; background: transparent; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 18px; border: none; border-radius: 3px; margin: 1px;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-button:pressed, QAbstractSpinBox::down-button:pressed {
    background: $selection;
}
QAbstractSpinBox::up-arrow { image: url("$up"); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url("$down"); width: 9px; height: 9px; }
QAbstractSpinBox::up-arrow:off, QAbstractSpinBox::down-arrow:off,
QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::down-arrow:disabled { image: none; }

QCheckBox::indicator, QListView::indicator {
    width: 14px; height: 14px; background: $field; border: 1px solid $card_border;
    border-radius: 3px;
}
QCheckBox::indicator:hover, QCheckBox::indicator:focus, QListView::indicator:hover {
    border-color: $accent;
}
QCheckBox::indicator:checked, QListView::indicator:checked {
    background: $accent; border-color: $accent; image: url("$check");
}
QAbstractItemView {
    background: $panel; color: $text; border: 1px solid $border; outline: none;
    alternate-background-color: $canvas;
    selection-background-color: $selection; selection-color: $text;
}
QDockWidget QAbstractItemView { border: none; }
QListView::item, QTreeView::item { padding: 3px 4px; border-radius: 3px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected { background: $selection; color: $text; }
QHeaderView::section {
    background: $window; color: $text_soft; border: none; border-right: 1px solid $border;
    border-bottom: 1px solid $border; padding: 4px 6px;
}
QTableCornerButton::section { background: $window; border: none; }

QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabBar { qproperty-drawBase: 0; qproperty-elideMode: ElideNone; }
QTabBar::tab {
    background: transparent; color: $text_soft; border: none;
    border-bottom: 2px solid transparent; padding: 5px 10px;
}
QTabBar[role="compact"] { qproperty-elideMode: ElideRight; }
QTabBar[role="compact"]::tab { padding: 5px 3px; }
QTabBar::tab:hover { color: $text; background: $hover; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar QToolButton { background: $window; padding: 0; }
QTabBar::tab:disabled { color: $text_disabled; }

QGroupBox {
    border: 1px solid $border; border-radius: ${radius}px; margin-top: 9px; padding-top: 6px;
}
QGroupBox::title {
    subcontrol-origin: margin; left: 8px; padding: 0 3px; color: $text_soft;
}

QMenuBar { background: $window; color: $text; }
QMenuBar::item { padding: 4px 9px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $panel; color: $text; border: 1px solid $card_border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $text_disabled; background: transparent; }
QMenu::separator { height: 1px; background: $border; margin: 4px 6px; }
QMenu::icon { padding-left: 6px; }

QToolBar { background: $window; border: none; spacing: 3px; padding: 3px 6px; }
QToolBar::separator { background: $border; width: 1px; margin: 4px 5px; }
QStatusBar { background: $window; color: $text_soft; }
QStatusBar::item { border: none; }

QProgressBar {
    background: $field; color: $text; border: 1px solid $border; border-radius: 4px;
    text-align: center; min-height: 14px; max-height: 16px;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 11px; }
QScrollBar:horizontal { height: 11px; }
QScrollBar::handle { background: $card_border; border-radius: 3px; margin: 2px 3px; }
QScrollBar::handle:horizontal { margin: 3px 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $text_soft; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }

QLabel#toast {
    background: $panel; color: $text; border: 1px solid $card_border; border-radius: 8px;
    padding: 8px 14px;
}
QLabel#toast[refused="true"] { border-color: $error; color: $error; }
QFrame#chip { background: $button; border: 1px solid $edited; border-radius: ${radius}px; }
QLabel[role="soft"] { color: $text_soft; }
QLabel[role="error"] { color: $error; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="edited"] { color: $edited; }
QFrame[role="divider"] { background: $border; border: none; max-height: 1px; }
QLabel[role="title"] { font-size: 13pt; font-weight: 600; }
QGraphicsView { border: none; }
""")


def stylesheet(theme: Theme) -> str:
    """The sheet for one theme. Labels take role="soft", "error", "warning" or "title"."""
    icons = {
        name: (_ICONS / f"{name}_{theme.name}.svg").as_posix()
        for name in ("check", "close", "down", "float", "more", "up")
    }
    return _SHEET.substitute(asdict(theme), **icons, radius=RADIUS)
