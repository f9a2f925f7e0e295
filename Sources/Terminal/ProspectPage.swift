package import API

/// What is known of a destination that nobody has asked for yet, and how to ask.
package struct ProspectPage {
    /// Asked of the daemon; what it did not say is absent.
    package struct Prospect {
        /// As it was asked for.
        package var target: String
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
        var lines = Paragraph.wrap(
            "No request of or to \(prospect.target) is kept. What is known without one:", .heading, width: canvas.width)
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
        if prospect.lookups.isEmpty, prospect.routes.isEmpty, prospect.port == nil, prospect.translations.isEmpty {
            lines += Paragraph.wrap("nothing", width: canvas.width)
        }
        if let provocation = prospect.provocation { part("to see one", [Line(provocation, .name)]) }
        return lines
    }
}
