import API
import ArgumentParser
import Glibc
import Terminal

/// How results look: the options that every subcommand has.
struct DisplayOptions: ParsableArguments {
    enum Color: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

    @Option(help: "Colour: auto (on a terminal, unless NO_COLOR is set), always or never.")
    var color = Color.auto

    @Flag(help: "Words and numbers only, for screen readers: no drawing, no marks, no colour.")
    var plain = false

    @Option(help: "Columns to draw in (default: the terminal's).")
    var width: Int?

    func validate() throws {
        if let width, !(Canvas.narrowest...Canvas.widest).contains(width) {
            throw ValidationError(
                "--width cannot be \(width); give a number from \(Canvas.narrowest) to \(Canvas.widest).")
        }
    }

    /// What can be drawn on the terminal, file or pipe behind `descriptor`.
    func canvas(for descriptor: Int32 = STDOUT_FILENO) -> Canvas {
        let isTerminal = isatty(descriptor) == 1
        let isColored =
            switch color {
            case .always: true
            case .never: false
            case .auto: isTerminal && !plain && Environment["NO_COLOR"] == nil && Environment["TERM"] != "dumb"
            }
        return Canvas(
            width: width ?? Self.columns(of: descriptor) ?? 80,
            drawing: plain ? .words : Environment.isUTF8 ? .unicode : .ascii, isColored: isColored)
    }

    static func columns(of descriptor: Int32) -> Int? {
        var size = winsize()
        if unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return Environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// The clock of this host, in its time zone.
    var clock: Clock {
        Clock(now: .now) { seconds in
            var time = time_t(seconds)
            var local = unsafe tm()
            guard unsafe localtime_r(&time, &local) != nil else { return 0 }
            return unsafe Int64(local.tm_gmtoff)
        }
    }
}

/// The environment variables that are looked at; an empty one counts as not set.
enum Environment {
    static subscript(name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// Whether the locale's characters are UTF-8 (locale(7): LC_ALL before LC_CTYPE before LANG).
    static var isUTF8: Bool {
        let locale = Environment["LC_ALL"] ?? Environment["LC_CTYPE"] ?? Environment["LANG"] ?? ""
        let name = locale.lowercased()
        return name.contains("utf-8") || name.contains("utf8")
    }
}

extension Time {
    static var now: Time {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Time(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
