import ArgumentParser
import AsyncHTTPClient

@main struct Waybill: ParsableCommand {
    func run() {}
}
