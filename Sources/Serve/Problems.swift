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
            allowed: Routes.all)
    }

    static func noSuchSchema(instance: String) -> Problem {
        Problem(
            type: "/problems/no-such-schema", title: "There is no such schema", status: 404,
            detail: "There is nothing at \(shortened(instance)); see allowed for the schemas that there are.",
            instance: shortened(instance), allowed: ContractDocuments.names.map { "\(Routes.schemas)/\($0).json" })
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

    /// - Parameter refusal: which bound was reached.
    static func tooManyStreams(_ refusal: Refusal, instance: String) -> Problem {
        let isOwn = refusal == .userStreams
        return Problem(
            type: "/problems/too-many-streams", title: "Too many streams are open", status: isOwn ? 429 : 503,
            detail: isOwn
                ? "\(Followers.userCapacity) streams of your user are open; close one, or try again."
                : "\(Followers.capacity) streams are open, or the daemon is stopping; close one, or try again.",
            instance: instance)
    }

    static func tooManyConnections(_ refusal: Refusal) -> Problem {
        let isOwn = refusal == .userConnections
        return Problem(
            type: "/problems/too-many-connections", title: "Too many connections are open", status: isOwn ? 429 : 503,
            detail: isOwn
                ? "As many connections of your user are open as one user may have; close one, or try again."
                : "As many connections are open as there may be; try again.")
    }

    static var tooManyAnswers: Problem {
        Problem(
            type: "/problems/too-many-answers", title: "Too many answers wait for their readers", status: 503,
            detail: "Answers to other calls take all the memory that there is for them; try again.")
    }

    /// What is for those alone who see everything.
    static func restricted(_ access: Access, instance: String) -> Problem {
        Problem(
            type: "/problems/restricted", title: "This is about the whole host", status: 403,
            detail:
                "\(shortened(instance)) tells of the whole host, and you may see the requests of your own user only: "
                + "it is for root and \(access.members).\(access.wayIn)",
            instance: shortened(instance))
    }

    static func notPermitted(_ access: Access) -> Problem {
        Problem(
            type: "/problems/restricted", title: "You may not see this", status: 403,
            detail: "What waybilld saw is for root and \(access.members), and you are none of them.\(access.wayIn)")
    }

    static func metricsAlone(instance: String) -> Problem {
        Problem(
            type: "/problems/restricted", title: "Only metrics are told here", status: 403,
            detail: "This port is for metrics alone; everything else is told on the Unix socket.",
            instance: shortened(instance))
    }

    static func bodyNotAllowed(instance: String) -> Problem {
        Problem(
            type: "/problems/body-not-allowed", title: "No call has a body", status: 413,
            detail: "The call has a body; everything can be read with GET, and needs none.",
            instance: shortened(instance))
    }

    static func targetTooLong(_ limit: Int, instance: String) -> Problem {
        Problem(
            type: "/problems/target-too-long", title: "The path and query are too long", status: 414,
            detail: "The path and its query may have \(limit) bytes together.", instance: shortened(instance))
    }

    static func foreignHost(_ host: String, instance: String) -> Problem {
        Problem(
            type: "/problems/foreign-host", title: "The call is for another host", status: 421,
            detail:
                "The call is for the host \"\(shortened(host))\", and waybilld answers for none but localhost: a web page "
                + "may have led it here by a name of its own.",
            instance: shortened(instance))
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

extension Access {
    /// Who sees everything, beside root.
    fileprivate var members: String { group.isEmpty ? "the daemon's own user" : "the members of the group \(group)" }

    fileprivate var wayIn: String {
        group.isEmpty ? "" : " Join them with: sudo usermod -aG \(group) $USER (and log in again)."
    }
}
