import Foundation
import Glibc
import Testing

extension EndToEnd {
    /// waybill as its users start it.
    @Suite struct CommandLineTests {
        @Test(arguments: ["list", "follow", "status", "lookups", "neighbours", "show abcdef", "run -- true"])
        func saysThatNoDaemonIsThere(_ words: String) async throws {
            let lab = try await Lab.shared
            let command = [lab.program("waybill")] + words.split(separator: " ").map(String.init)
            let outcome = try await run(command, environment: ["WAYBILL_SOCKET": "/nosuch/waybill.sock"])
            #expect(outcome.status == 69)
            #expect(outcome.output == "")
            #expect(outcome.errors.split(separator: "\n").count == 1)
            #expect(
                outcome.errors.contains(
                    "waybilld is not running: there is no socket at /nosuch/waybill.sock; start it with"))
        }

        @Test func namesTheSubcommandThatThereIsNot() async throws {
            let outcome = try await run([Lab.shared.program("waybill"), "lst"])
            #expect(outcome.status == 64)
            #expect(outcome.errors.hasPrefix("waybill: there is no subcommand \"lst\"; there are list, show, "))
        }

        /// What is in a file and in no request. There is room for a date with its year before each record.
        @Test(arguments: [
            ("arp_unanswered", "neighbour  10.77.1.99 does not answer"), ("dhcp", "1 h 00 m"),
        ])
        func readTellsOfMoreThanRequests(_ capture: String, _ words: String) async throws {
            let file = Lab.source.appending(path: "Tests/Captures/\(capture).pcap").path
            for more in [[], ["--waterfalls"]] {
                let outcome = try await run([Lab.shared.program("waybill"), "read", file, "--width", "200"] + more)
                #expect(outcome.status == 0)
                #expect(outcome.output.contains(words), "\(outcome.output)")
            }
        }

        @Test func followTellsOfARequestAndEndsWithControlC() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            let follower = try ChildProcess(
                lab.inClient([lab.program("waybill"), "follow", "--socket", daemon.socket]))
            _ = try await eventually("a line of waybill follow") {
                try await lab.play("refused")
                return follower.output.contains(":81 ") ? true : nil
            }
            follower.signal(SIGINT)
            let outcome = try await follower.wait()
            #expect(outcome.status == 0, "\(outcome.errors)")
            let line = try #require(outcome.output.split(separator: "\n").first { $0.contains(":81 ") })
            #expect(line.contains(" curl ") && line.contains("refused"))
            #expect(outcome.errors == "")
            try await daemon.stop()
        }

        @Test func runShowsWhatItsCommandRequested() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            let waybill = [lab.program("waybill"), "run", "--socket", daemon.socket, "--"]
            let curl = ["curl", "-sS", "--fail", "http://\(lab["NAME_IPV4"])/missing"]
            let outcome = try await run(lab.inClient(waybill + curl), environment: ["COLUMNS": "160"])
            // CURLE_HTTP_RETURNED_ERROR: curl's own status, and curl's own words before the waterfall.
            #expect(outcome.status == 22)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains("matched by process"), "\(outcome.errors)")
            for word in ["404", lab["NAME_IPV4"], "connect", "exchange", "GET", "/missing", "curl ("] {
                #expect(outcome.errors.contains(word), "\(word) in: \(outcome.errors)")
            }
            for (command, status) in [("exit 7", 7), ("kill -TERM $$", 128 + SIGTERM)] {
                let outcome = try await run(lab.inClient(waybill + ["sh", "-c", command]))
                #expect(outcome.status == Int32(status), "\(command): \(outcome.errors)")
            }
            #expect(try await run(lab.inClient(waybill + ["/nosuch/command"])).status == 127)
            try await daemon.stop()
        }

        /// The command's child asks, and so does somebody else at the same time.
        @Test func runLeavesOutWhatOthersRequested() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            let url = "http://\(lab["SERVER"])/"
            let script = "curl -s -o /dev/null \(url)own; sleep 0.5; exit 5"
            let waybill = [lab.program("waybill"), "run", "--socket", daemon.socket, "--format", "ndjson", "--"]
            async let own = run(lab.inClient(waybill + ["sh", "-c", script]))
            try await Task.sleep(for: .milliseconds(200))
            _ = try await lab.curl([url + "other"])
            let outcome = try await own
            #expect(outcome.status == 5)
            let records = try outcome.errors.split(separator: "\n").map { try JSON(parsing: String($0)) }
            #expect(records.map { $0["http"]["exchanges"][0]["path"].text } == ["/own"])
            #expect(records.map { $0["matched"].text } == ["process"])
            try await daemon.stop()
        }

        @Test func listShowsAndAReaderThatGoesAwayIsNoFailure() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            try await lab.play("refused")
            let request = try await eventually("the refused request") {
                try await daemon.get("/v1/requests?failed=true&protocol=tcp").body["items"].items.first
            }
            let id = try #require(request["id"].text)
            let environment = ["WAYBILL_SOCKET": daemon.socket]
            let list = try await run([lab.program("waybill"), "list", "--failed"], environment: environment)
            #expect(list.status == 0)
            #expect(list.output.contains(id.prefix(8)) && list.output.contains("refused"))
            for (condition, isShown) in [
                ("process = curl and failed and to.port in (80, 81)", true), ("failed and reason != refused", false),
            ] {
                let list = try await run([lab.program("waybill"), "list", condition], environment: environment)
                #expect(list.status == 0 && list.output.contains(id.prefix(8)) == isShown, "\(list.output)")
            }
            let show = try await run([lab.program("waybill"), "show", String(id.prefix(8))], environment: environment)
            #expect(show.status == 0)
            #expect(show.output.contains("connect") && show.output.contains("refused"))
            let json = try await run(
                [lab.program("waybill"), "show", id, "--format", "json"], environment: environment)
            #expect(try JSON(parsing: json.output)["id"].text == id)
            let piped = "set -o pipefail; \"$1\" list | head -n 1; \"$1\" read \"$2\" --format ndjson | head -n 1"
            let capture = Lab.source.appending(path: "Tests/Captures/parallel.pcap").path
            let outcome = try await run(
                ["bash", "-c", piped, "bash", lab.program("waybill"), capture], environment: environment)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors == "")
            #expect(outcome.output.split(separator: "\n").count == 2)
            try await daemon.stop()
        }

        /// `script` gives it a terminal, and a signal ends it: the terminal is given back before it ends.
        @Test func topTakesATerminalAndGivesItBack() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            try await lab.play("refused")
            let top = "\(lab.program("waybill")) top --socket \(daemon.socket)"
            let outcome = try await run(
                ["script", "-qec", "stty cols 80 rows 24; timeout --foreground -s TERM 3 \(top)", "/dev/null"],
                environment: ["TERM": "xterm"])
            #expect(outcome.output.contains("\u{1B}[?1049h"))
            #expect(outcome.output.contains("connect refused"), "\(outcome.output)")
            #expect(outcome.output.hasSuffix("\u{1B}[?25h\u{1B}[?1049l"), "\(outcome.output.suffix(200))")
            let piped = try await run([lab.program("waybill"), "top", "--socket", daemon.socket])
            #expect(piped.status == 64 && piped.output == "" && piped.errors.contains("top needs a terminal"))
            try await daemon.stop()
        }

        /// Under a shell with job control: SIGTSTP gives the terminal back as it was and stops, every time, `fg` takes it again, and after
        /// any number of resizes nothing is left of what was drawn.
        @Test func topStopsGoesOnAndLeavesNothing() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            let script = """
                set -m
                stty cols 80 rows 24
                (sleep 2; kill -TSTP "$(cat "$1")") &
                sh -c 'echo $$ >"$0"; exec "$@"' "$1" "$2" top --socket "$3"
                (sleep 1; kill -TSTP "$(cat "$1")") &
                fg >/dev/null
                echo "[stopped $?]" "$(stty -a | grep -o -- '-*icanon')"
                (sleep 1
                 for size in 160x50 60x12 200x60 40x8 100x30; do
                     stty -F /dev/tty cols "${size%x*}" rows "${size#*x}"
                     sleep 0.1
                 done
                 sleep 1
                 kill -TERM "$(cat "$1")") &
                fg >/dev/null
                echo "[ended $?]" "$(stty -a | grep -o -- '-*icanon')"
                """
            let file = lab.folder.appending(path: "top-\(UUID().uuidString.prefix(8)).sh")
            try script.write(to: file, atomically: true, encoding: .utf8)
            let arguments = [file.path, file.path + ".pid", lab.program("waybill"), daemon.socket]
            let outcome = try await run(
                ["script", "-qec", "bash " + arguments.joined(separator: " "), "/dev/null"],
                environment: ["TERM": "xterm", "SHELL": "/bin/sh"])
            let output = outcome.output
            let (enter, leave) = ("\u{1B}[?1049h", "\u{1B}[?25h\u{1B}[?1049l")
            func erasing(_ rows: Int) -> String {
                (1...rows).map { "\u{1B}[\($0);1H\u{1B}[2K" }.joined() + "\u{1B}[1;1H\u{1B}[0m\u{1B}[?7h" + leave
            }
            let words = ["[stopped \(128 + SIGTSTP)] icanon", "[ended \(128 + SIGTERM)] icanon"]
            let stopped = try #require(output.firstRange(of: words[0]), "\(output.suffix(900))")
            let ended = try #require(output.firstRange(of: words[1]), "\(output.suffix(900))")
            let beginning = output[..<stopped.lowerBound]
            #expect(beginning.ranges(of: enter).count >= 2 && beginning.ranges(of: erasing(24)).count == 2)
            let rest = output[stopped.upperBound..<ended.lowerBound]
            #expect(rest.contains(enter) && rest.contains("\u{1B}[60;1H"), "it goes on, and notices sizes")
            #expect(rest.contains(erasing(30)), "\(rest.suffix(900))")
            #expect(!output.contains("\u{1B}[2J"), "what is erased as a whole goes into the history of some terminals")
            try await daemon.stop()
        }

        @Test func readTakesAConditionAndMarksMistakes() async throws {
            let file = Lab.source.appending(path: "Tests/Captures/parallel.pcap").path
            let waybill = try await [Lab.shared.program("waybill"), "read", file, "--format", "ndjson"]
            let all = try await run(waybill + ["protocol = tcp"])
            let some = try await run(waybill + ["protocol=tcp", "and", "not", "to.port=80"])
            let none = try await run(waybill + ["protocol = tcp", "--protocol", "udp"])
            #expect(all.output.split(separator: "\n").dropLast().allSatisfy { $0.contains("\"protocol\":\"tcp\"") })
            #expect(some.output.count < all.output.count && !some.output.contains("\"port\":80,"))
            #expect(none.output.split(separator: "\n").count == 1, "the summary alone")
            let mistake = try await run(waybill + ["protocol = sctp"])
            #expect(mistake.status == 64)
            #expect(mistake.errors.contains("  protocol = sctp\n             ^~~~\n"), "\(mistake.errors)")
        }

        @Test func readsStandardInputAsItReadsFiles() async throws {
            let lab = try await Lab.shared
            let file = Lab.source.appending(path: "Tests/Captures/success.pcap")
            let waybill = [lab.program("waybill"), "read", "--format", "ndjson"]
            let read = try await run(waybill + [file.path])
            let piped = try await run(waybill + ["-"], input: try Data(contentsOf: file))
            #expect(read.status == 0)
            #expect(read.output.contains("\"record\":\"request\""))
            #expect(piped.status == 0)
            #expect(piped.output == read.output)
        }

        @Test func readsADamagedFileAsFarAsItGoes() async throws {
            let lab = try await Lab.shared
            let whole = try Data(contentsOf: Lab.source.appending(path: "Tests/Captures/success.pcap"))
            let damaged = lab.folder.appending(path: "damaged.pcap")
            try whole.dropLast(10).write(to: damaged)
            let outcome = try await run([lab.program("waybill"), "read", "--format", "ndjson", damaged.path])
            #expect(outcome.status == 2)
            #expect(outcome.output.contains("\"record\":\"request\""))
            #expect(outcome.output.contains("\"record\":\"summary\""))
            #expect(outcome.errors.split(separator: "\n").count == 1)
            #expect(outcome.errors.contains("damaged.pcap"))
            #expect(outcome.errors.contains("byte"), "\(outcome.errors)")
        }
    }
}
