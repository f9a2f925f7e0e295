import API

// The problems that the server itself finds; a client shows `detail` as it is.
extension Problem {
    static func foreignOrigin(instance: String) -> Problem {
        Problem(
            type: "/problems/foreign-origin", title: "Calls of web pages are refused", status: 403,
            detail: "The call has an Origin header, so a web page made it; no page may read this host's requests.",
            instance: shortened(instance))
    }

    static func noSuchRoute(instance: String) -> Problem {
        Problem(
            type: "/problems/no-such-route", title: "There is nothing at this path", status: 404,
            detail: "There is nothing at \(shortened(instance)); see allowed for what there is.",
            instance: shortened(instance),
            allowed: [
                Routes.requests, Routes.requests + "/{id}", Routes.requestStream, Routes.lookups, Routes.neighbours,
                Routes.routes, Routes.ports,
                Routes.ports + "/{port}", Routes.leases, Routes.translations, Routes.forwards,
                Routes.status,
            ])
    }

    static func methodNotAllowed(_ method: String, instance: String) -> Problem {
        Problem(
            type: "/problems/method-not-allowed", title: "Only GET is allowed", status: 405,
            detail: "\(shortened(method)) is not allowed here: everything can be read with GET and nothing changed.",
            instance: shortened(instance), allowed: ["GET"])
    }

    static func badCursor(_ cursor: String, instance: String) -> Problem {
        Problem(
            type: "/problems/bad-cursor", title: "The cursor is none of this list", status: 400,
            detail: "\"\(shortened(cursor))\" is no cursor of this list; give next_cursor of the page before.",
            instance: instance, parameter: RequestQuery.Parameter.cursor.rawValue)
    }

    static func badIdentifier(_ text: String, instance: String) -> Problem {
        Problem(
            type: "/problems/bad-identifier", title: "That is no identifier", status: 400,
            detail: "\"\(shortened(text))\" is no request's identifier: they are 12 characters of "
                + "0123456789abcdefghjkmnpqrstvwxyz, and the first few are enough.",
            instance: shortened(instance))
    }

    static func badPort(_ text: String, instance: String) -> Problem {
        Problem(
            type: "/problems/bad-port", title: "That is no port", status: 400,
            detail: "\"\(shortened(text))\" is no port; ports are numbers from 1 to 65535.",
            instance: shortened(instance))
    }

    static func noSuchRequest(_ text: String, instance: String) -> Problem {
        Problem(
            type: "/problems/no-such-request", title: "No request has this identifier", status: 404,
            detail: "No request under way or kept has an identifier that begins with \(shortened(text)); "
                + "old ones are dropped when the history is full.",
            instance: shortened(instance))
    }

    static func severalRequests(_ text: String, _ identifiers: [String], instance: String) -> Problem {
        Problem(
            type: "/problems/several-requests", title: "Several requests have this identifier", status: 409,
            detail: "The identifiers of several requests begin with \(shortened(text)); give more of it.",
            instance: shortened(instance), allowed: identifiers)
    }

    static func tooManyStreams(_ capacity: Int, instance: String) -> Problem {
        Problem(
            type: "/problems/too-many-streams", title: "Too many streams are open", status: 503,
            detail: "\(capacity) streams are open, or the daemon is stopping; close one, or try again.",
            instance: instance)
    }

    static func notObserved(_ what: String, instance: String) -> Problem {
        Problem(
            type: "/problems/not-observed", title: "The kernel cannot be asked", status: 503,
            detail: "The kernel cannot be asked about \(what); /v1/status says why, under limits.",
            instance: instance)
    }

    static func noParameters(_ parameter: String, instance: String) -> Problem {
        Problem(
            type: "/problems/bad-parameter", title: "A query parameter is wrong", status: 400,
            detail: "There is no parameter \"\(shortened(parameter))\" here; this path has none.",
            instance: shortened(instance), parameter: shortened(parameter), allowed: [])
    }

    /// What a client sent comes back to it short and on one line.
    private static func shortened(_ text: String) -> String {
        let visible = text.unicodeScalars.prefix(80).map { $0.value < 32 || $0.value == 127 ? "?" : String($0) }
        return visible.joined() + (text.unicodeScalars.count > 80 ? "…" : "")
    }
}
