package import API

/// What is known of a destination that nobody has asked for yet, and how to ask.
package struct ProspectPage {
    /// Asked of the daemon; what it did not say is absent.
    package struct Prospect {
        /// As it was asked for.
        package var target: String
        /// That no request of it fulfils; `nil` when there is none at all.
        package var condition: String?
        /// Of its name, the newest first.
        package var lookups: [Lookup] = []
        /// The way to each of its addresses.
        package var routes: [RouteList] = []
        /// When it is this host's own.
        package var port: PortReport?
        package var translations: [Translation] = []
        /// A command that makes such a request.
        package var provocation: String?

        package init(_ target: String) { self.target = target }

        /// Nothing is known but, perhaps, a command.
        package var isEmpty: Bool { lookups.isEmpty && routes.isEmpty && port == nil && translations.isEmpty }
    }

    private let prospect: Prospect
    private let canvas: Canvas
    private let clock: Clock

    package init(_ prospect: Prospect, on canvas: Canvas, clock: Clock) {
        self.prospect = prospect
        self.canvas = canvas
        self.clock = clock
    }

    package func lines() -> [Line] {
        let which = prospect.condition.map { " where \($0)" } ?? ""
        let rest = prospect.isEmpty ? ", and nothing else is known of it." : ". What is known without one:"
        var lines = Paragraph.wrap(
            "No request of or to \(prospect.target)\(which) is kept\(rest)", .heading, width: canvas.width)
        func part(_ title: String, _ more: [Line]) {
            lines.append(Line())
            lines.append(Line(title, .quiet))
            lines += more
        }
        if !prospect.lookups.isEmpty {
            part("name", LookupTable(on: canvas, clock: clock).lines(prospect.lookups))
        }
        if !prospect.routes.isEmpty {
            part("route and next hop", prospect.routes.flatMap { RoutePage($0, on: canvas, clock: clock).lines() })
        }
        if let port = prospect.port { part("port", PortPage(on: canvas, clock: clock).lines(port)) }
        if !prospect.translations.isEmpty {
            part("NAT", NATTable(on: canvas, clock: clock).lines(prospect.translations))
        }
        if let provocation = prospect.provocation {
            part("to see one", Paragraph.wrap(provocation, .name, width: canvas.width))
        }
        return lines
    }
}
