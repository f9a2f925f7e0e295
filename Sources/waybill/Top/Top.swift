import API
import ArgumentParser
import Dispatch
import Glibc
import Terminal

struct Top: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows requests on the whole terminal as they happen: by themselves, by process, by destination.",
        discussion: """
            Keys are shown at the foot; ? lists all of them, q ends it. The filters given here stay, / adds a condition. \
            The latest requests are kept, 2000 of them.
            """)

    @OptionGroup var filters: FilterOptions
    @OptionGroup var display: DisplayOptions
    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        var query = try filters.query()
        let condition = query.expression
        query.expression = nil
        let terminal = try FullScreen()
        // Why there is no daemon is told where it can be read.
        _ = try await daemon.client.status()
        FullScreen.restoreOnCrash()
        try terminal.take()
        defer { terminal.restore() }
        let size = terminal.size
        let canvas = display.canvas()
        let screen = TopScreen(
            columns: size.columns, rows: size.rows, drawing: canvas.drawing, isColored: canvas.isColored,
            clock: display.clock, filter: condition, fixed: Self.options(query))
        let session = TopSession(screen, query: query, client: daemon.client)
        let ending = try await session.run(on: terminal)
        terminal.restore()
        // As a shell expects of a program that a signal has ended.
        if let signal = ending.signal { Glibc.exit(128 + signal) }
    }

    /// The filters as they were given.
    private static func options(_ query: RequestQuery) -> String {
        RequestQuery.Parameter.allCases.compactMap { parameter in
            query.text(of: parameter).map { $0 == "true" ? "--\(parameter.rawValue)" : "--\(parameter.rawValue) \($0)" }
        }.joined(separator: " ")
    }
}
