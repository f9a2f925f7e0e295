import API
import ArgumentParser
import Terminal

struct Fields: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists the fields of conditions, for list, follow, top, read and --where.")

    @OptionGroup var display: DisplayOptions

    func run() async throws {
        let canvas = display.canvas()
        let output = Output()
        try output.write(FieldList(on: canvas).lines(), on: canvas)
        try output.flush()
    }
}
