//! Lines of general purpose (`linux/gpio.h`): what they are, and handles on some of them.

use super::{
    super::{As, Layout, Writer, layout::number, tables},
    Argument::{Given, Grows},
    Commands,
    devices::list,
};

/// The commands.
pub(super) const COMMANDS: Commands = &[
    (
        &["GPIO_GET_LINEINFO_IOCTL", "GPIO_GET_LINEINFO_WATCH_IOCTL"],
        Grows(
            &[("line_offset", As::Uint(4))],
            &[
                ("line_offset", As::Pad(4)),
                ("flags", As::Flags(4, &tables::GPIOLINE_FLAGS)),
                ("name", As::Text(NAME)),
                ("consumer", As::Text(NAME)),
            ],
        ),
    ),
    (
        &["GPIO_GET_LINEINFO_UNWATCH_IOCTL"],
        Given(&As::Struct(&Layout(&[("offset", As::Uint(4))]))),
    ),
    (
        &["GPIO_GET_LINEHANDLE_IOCTL"],
        Given(&As::By(364, 4, handle)),
    ),
    (&["GPIO_GET_LINEEVENT_IOCTL"], Given(&As::By(48, 4, event))),
    (
        &["GPIOHANDLE_GET_LINE_VALUES_IOCTL"],
        super::Argument::Filled(&VALUES),
    ),
    (&["GPIOHANDLE_SET_LINE_VALUES_IOCTL"], Given(&VALUES)),
    (
        &["GPIOHANDLE_SET_CONFIG_IOCTL"],
        Given(&As::Struct(&Layout(&[
            ("flags", As::Flags(4, &tables::GPIOHANDLE)),
            ("default_values", OCTETS),
            ("padding", As::Pad(16)),
        ]))),
    ),
    (
        &[
            "GPIO_V2_GET_LINEINFO_IOCTL",
            "GPIO_V2_GET_LINEINFO_WATCH_IOCTL",
        ],
        Grows(
            &[
                ("name", As::Pad(NAME)),
                ("consumer", As::Pad(NAME)),
                ("offset", As::Uint(4)),
            ],
            &[
                ("name", As::Text(NAME)),
                ("consumer", As::Text(NAME)),
                ("offset", As::Pad(8)),
                ("flags", As::Flags(8, &tables::GPIO_V2_FLAGS)),
            ],
        ),
    ),
    (&["GPIO_V2_GET_LINE_IOCTL"], Given(&As::By(592, 8, request))),
    (
        &["GPIO_V2_LINE_GET_VALUES_IOCTL"],
        Grows(
            &[("bits", As::Pad(8)), ("mask", As::Hex(8))],
            &[("bits", As::Hex(8))],
        ),
    ),
    (
        &["GPIO_V2_LINE_SET_VALUES_IOCTL"],
        Given(&As::Struct(&Layout(&[
            ("bits", As::Hex(8)),
            ("mask", As::Hex(8)),
        ]))),
    ),
    (&["GPIO_V2_LINE_SET_CONFIG_IOCTL"], Given(&CONFIG)),
];

/// `GPIO_MAX_NAME_SIZE`, and lines of one handle at most.
const NAME: u16 = 32;
const LINES: usize = 64;

/// A value for each line.
const OCTETS: As = As::By(LINES as u16, 1, |w, b| list(w, b, LINES, 1, &As::Uint(1)));
static VALUES: As = As::Struct(&Layout(&[("values", OCTETS)]));

/// `struct gpiohandle_request`: how many lines stands at its end.
fn handle(w: &mut Writer<'_>, b: &[u8]) {
    let lines = number(&b[356..360]);
    let count = (lines as usize).min(LINES);
    w.structure(|w| {
        w.field("lines").dec(lines);
        list(w.field("lineoffsets"), b, count, 4, &As::Uint(4));
        w.field("flags")
            .shape(&b[256..], &As::Flags(4, &tables::GPIOHANDLE));
        list(w.field("default_values"), &b[260..], count, 1, &As::Uint(1));
        w.field("consumer_label").shape(&b[324..], &As::Text(NAME));
        new_descriptor(w, 360);
    });
}

static EVENT: Layout = Layout(&[
    ("lineoffset", As::Uint(4)),
    ("handleflags", As::Flags(4, &tables::GPIOHANDLE)),
    ("eventflags", As::Flags(4, &tables::GPIOEVENT)),
    ("consumer_label", As::Text(NAME)),
]);

/// `struct gpioevent_request`
fn event(w: &mut Writer<'_>, b: &[u8]) {
    w.structure(|w| {
        w.members_there(&b[..44], &EVENT);
        new_descriptor(w, 44);
    });
}

/// The descriptor that the call put at an offset of what it was given.
fn new_descriptor(w: &mut Writer<'_>, offset: u64) {
    let fd = w.read::<i32>(w.args[2] + offset);
    if let Some(fd) = fd.filter(|_| w.succeeded()) {
        w.field("fd").dec(fd);
    }
}

/// `struct gpio_v2_line_request`
fn request(w: &mut Writer<'_>, b: &[u8]) {
    let lines = number(&b[560..564]);
    let count = (lines as usize).min(LINES);
    w.structure(|w| {
        w.field("num_lines").dec(lines);
        list(w.field("offsets"), b, count, 4, &As::Uint(4));
        w.field("consumer").shape(&b[256..], &As::Text(NAME));
        w.field("config").shape(&b[288..], &CONFIG);
        let size = number(&b[564..568]);
        if size != 0 {
            w.field("event_buffer_size").dec(size);
        }
        padding(w, &b[568..588]);
        new_descriptor(w, 588);
    });
}

fn padding(w: &mut Writer<'_>, b: &[u8]) {
    if b.iter().any(|byte| *byte != 0) {
        w.field("padding").shape(b, &As::Array(&As::Hex(4), 5));
    }
}

static CONFIG: As = As::By(272, 8, |w, b| {
    /// `GPIO_V2_LINE_NUM_ATTRS_MAX`
    const MOST: usize = 10;
    let attributes = number(&b[8..12]);
    w.structure(|w| {
        w.field("flags")
            .shape(b, &As::Flags(8, &tables::GPIO_V2_FLAGS));
        w.field("num_attrs").dec(attributes);
        padding(w, &b[12..32]);
        let count = (attributes as usize).min(MOST);
        if count > 0 {
            list(w.field("attrs"), &b[32..], count, 24, &ATTRIBUTE);
        }
    });
});

/// `struct gpio_v2_line_config_attribute`
static ATTRIBUTE: As = As::By(24, 8, |w, b| {
    let (id, padding, data) = (number(&b[..4]), number(&b[4..8]), number(&b[8..16]));
    w.structure(|w| {
        match id {
            1 if padding == 0 => w.field("flags").flags(data, &tables::GPIO_V2_FLAGS),
            2 if padding == 0 => w.field("values").hex(data),
            3 if padding == 0 => w.field("debounce_period_us").dec(data & 0xffff_ffff),
            _ => w.field("attr").structure(|w| {
                w.field("id").dec(id);
                if padding != 0 {
                    w.field("padding").hex(padding);
                }
                w.field("data").hex(data);
            }),
        }
        w.field("mask").shape(&b[16..], &As::Hex(8));
    });
});
