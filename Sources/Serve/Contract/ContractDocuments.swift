// swift-format-ignore-file
// Written by scripts/contract.py from docs/openapi.yaml: change that, and run it.

/// What is served of the contract itself.
enum ContractDocuments {
    static let openAPI = #"""
openapi: 3.1.0
info:
  title: Waybill
  version: "1"
  summary: The lifecycle of every outbound request of a host.
  description: |
    Served by `waybilld` over HTTP/1.1 on the Unix socket `/run/waybill/waybill.sock`:

        curl --unix-socket /run/waybill/waybill.sock 'http://localhost/v1/requests?failed=true'

    `waybill read FILE --format ndjson` prints the same records, one a line, and a `Summary` last.

    Names are in snake_case. Times are RFC 3339 in UTC with nanoseconds. Spans are milliseconds with three decimals,
    in fields whose names end in `_ms`. A field that is absent was not observed; `null` was observed to be none.
    Fields are added over time: readers skip those they do not know. Text from the wire is escaped so
    that no control character stands in a response. A request that carries an `Origin` header is refused.

    Who may see what is decided from the credentials of the Unix socket's peer: root and the daemon's group see everything;
    where the daemon is so configured, any other local user sees the requests of its own user. Whatever is asked, these
    problems may be the answer: 403 (`/problems/restricted`, `/problems/foreign-origin`), 405 for anything but GET, 413 for a
    call with a body, 414 beyond 8 KiB of path and query, 421 where `Host` is not ours, 429 and 503 when there are too many
    connections or answers that wait for their readers.
servers:
  - url: http://localhost
    description: over the Unix socket
paths:
  /v1/requests:
    get:
      operationId: listRequests
      summary: Requests that match all filters, newest first.
      parameters:
        - $ref: '#/components/parameters/process'
        - $ref: '#/components/parameters/pid'
        - $ref: '#/components/parameters/user'
        - $ref: '#/components/parameters/unit'
        - $ref: '#/components/parameters/to'
        - $ref: '#/components/parameters/port'
        - $ref: '#/components/parameters/protocol'
        - $ref: '#/components/parameters/direction'
        - $ref: '#/components/parameters/stage'
        - $ref: '#/components/parameters/failed'
        - $ref: '#/components/parameters/state'
        - $ref: '#/components/parameters/since'
        - $ref: '#/components/parameters/until'
        - $ref: '#/components/parameters/where'
        - $ref: '#/components/parameters/limit'
        - $ref: '#/components/parameters/cursor'
      responses:
        "200":
          description: One page.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/RequestPage'
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
  /v1/requests/{id}:
    get:
      operationId: getRequest
      summary: One request.
      parameters:
        - name: id
          in: path
          required: true
          description: The request's `id`, or the beginning of one that no other request shares.
          schema:
            type: string
            pattern: ^[0-9A-Za-z]{1,12}$
      responses:
        "200":
          description: The request as it is now.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Request'
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
        "404":
          $ref: '#/components/responses/NotFound'
  /v1/requests/stream:
    get:
      operationId: streamRequests
      summary: Requests as they come to a turn or end, one JSON object a line, until the client leaves.
      description: >-
        The same request is sent again whenever it has changed; the last time with `complete` true. That an address of a name
        could not be reached is told up to 300 ms later, as the client may go on to another address at once: then it is an
        attempt of that request (`attempt_of`). Lists and single requests do not wait: they hold all that was observed when
        they were asked for.
      parameters:
        - $ref: '#/components/parameters/process'
        - $ref: '#/components/parameters/pid'
        - $ref: '#/components/parameters/user'
        - $ref: '#/components/parameters/unit'
        - $ref: '#/components/parameters/to'
        - $ref: '#/components/parameters/port'
        - $ref: '#/components/parameters/protocol'
        - $ref: '#/components/parameters/direction'
        - $ref: '#/components/parameters/stage'
        - $ref: '#/components/parameters/failed'
        - $ref: '#/components/parameters/state'
        - $ref: '#/components/parameters/since'
        - $ref: '#/components/parameters/until'
        - $ref: '#/components/parameters/where'
      responses:
        "200":
          description: Lines.
          content:
            application/x-ndjson:
              schema:
                $ref: '#/components/schemas/Request'
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
        "503":
          $ref: '#/components/responses/Unavailable'
  /v1/lookups:
    get:
      operationId: listLookups
      summary: Lookups of names, newest first.
      parameters:
        - $ref: '#/components/parameters/limit'
        - $ref: '#/components/parameters/cursor'
      responses:
        "200":
          description: One page.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/LookupPage'
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
  /v1/neighbours:
    get:
      operationId: listNeighbours
      summary: Address resolutions and announcements, newest first.
      parameters:
        - $ref: '#/components/parameters/limit'
        - $ref: '#/components/parameters/cursor'
      responses:
        "200":
          description: One page.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/NeighbourPage'
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
  /v1/routes:
    get:
      operationId: listRoutes
      summary: The kernel's routes and rules now, and what changed lately; with `to`, its way to one address.
      parameters:
        - name: to
          in: query
          description: The address that the kernel is asked the way to, at that moment (RTM_GETROUTE).
          schema:
            type: string
      responses:
        "200":
          description: The tables.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/RouteList'
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
  /v1/ports:
    get:
      operationId: listPorts
      summary: Who listens where, and how many ports are left to connect from.
      responses:
        "200":
          description: As it is now.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/PortList'
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
  /v1/ports/{port}:
    get:
      operationId: getPort
      summary: Everything about one port.
      parameters:
        - name: port
          in: path
          required: true
          schema:
            type: integer
            minimum: 1
            maximum: 65535
      responses:
        "200":
          description: As it is now.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/PortReport'
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
  /v1/leases:
    get:
      operationId: listLeases
      summary: DHCP exchanges, newest first.
      parameters:
        - $ref: '#/components/parameters/limit'
        - $ref: '#/components/parameters/cursor'
      responses:
        "200":
          description: One page.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/LeasePage'
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
  /v1/translations:
    get:
      operationId: listTranslations
      summary: Translations that the kernel has, or had lately, the latest first. All parameters that are given must match.
      parameters:
        - name: address
          in: query
          description: An IPv4 or IPv6 address on any side, before or after the rewrite.
          schema:
            type: string
        - $ref: '#/components/parameters/port'
        - $ref: '#/components/parameters/protocol'
        - name: kind
          in: query
          description: snat when the source is rewritten, dnat when the destination is; a hairpin is both.
          schema:
            enum: [snat, dnat]
        - name: ended
          in: query
          description: Only those that are over, or only those that stand.
          schema:
            type: boolean
        - $ref: '#/components/parameters/limit'
        - $ref: '#/components/parameters/cursor'
      responses:
        "200":
          description: One page.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/TranslationPage'
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
        "503":
          description: The kernel cannot be asked; `/v1/status` says why.
          content:
            application/problem+json:
              schema:
                $ref: '#/components/schemas/Problem'
  /v1/forwards:
    get:
      operationId: listForwards
      summary: Port forwards in force (DNAT and redirections), in the order of their rules, and what came by them.
      responses:
        "200":
          description: All of them, or why they cannot be told.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/PortForwardList'
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
  /v1/status:
    get:
      operationId: getStatus
      summary: The daemon's own state, its counters and what it cannot know.
      responses:
        "200":
          description: The state.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Status'
        "403":
          $ref: '#/components/responses/Forbidden'
  /metrics:
    get:
      operationId: getMetrics
      summary: Counters of the daemon, for Prometheus.
      description: >-
        Also at a loopback port where one is configured (`metrics.listen`), and there for anybody on the host.
      responses:
        "200":
          description: Text format 0.0.4.
          content:
            text/plain:
              schema:
                type: string
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
  /v1:
    get:
      operationId: getIndex
      summary: What there is.
      responses:
        "200":
          description: The paths.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Index'
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
  /v1/openapi.yaml:
    get:
      operationId: getOpenAPI
      summary: This document.
      responses:
        "200":
          description: OpenAPI 3.1.
          content:
            application/yaml:
              schema:
                type: object
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
  /v1/schemas/{name}.json:
    get:
      operationId: getSchema
      summary: The JSON Schema (draft 2020-12) of a kind of record, or of an answer.
      parameters:
        - name: name
          in: path
          required: true
          schema:
            type: string
            enum: [request, lookup, neighbour, lease, icmp_error, summary, translation, status, problem]
      responses:
        "200":
          description: The schema.
          content:
            application/schema+json:
              schema:
                type: object
        "400":
          $ref: '#/components/responses/BadRequest'
        "403":
          $ref: '#/components/responses/Forbidden'
        "404":
          $ref: '#/components/responses/NotFound'
components:
  parameters:
    process:
      name: process
      in: query
      description: Name or path of the program that asked (of an inbound request, that serves it), or the last part of that path. No request matches whose owner is not known.
      schema:
        type: string
        minLength: 1
        maxLength: 256
    pid:
      name: pid
      in: query
      description: Number of the process that asked.
      schema:
        type: integer
        minimum: 1
        maximum: 4194304
    user:
      name: user
      in: query
      description: Name or number of the user that the process ran as; of requests whose process is not known, of the user whose socket it was.
      schema:
        type: string
        minLength: 1
        maxLength: 256
    unit:
      name: unit
      in: query
      description: systemd unit that the process belongs to; a name without a type is that of a service.
      schema:
        type: string
        minLength: 1
        maxLength: 256
    to:
      name: to
      in: query
      description: The server as a name (and every name under it), an address or a network, each with a port if wanted.
      schema:
        type: string
        examples: [example.org, "192.0.2.0/24", "192.0.2.1:443", "[2001:db8::1]:443"]
    port:
      name: port
      in: query
      description: The port of either side.
      schema:
        type: integer
        minimum: 0
        maximum: 65535
    protocol:
      name: protocol
      in: query
      description: The transport.
      schema:
        $ref: '#/components/schemas/Transport'
    direction:
      name: direction
      in: query
      description: Which way the request goes, seen from this host.
      schema:
        $ref: '#/components/schemas/Direction'
    stage:
      name: stage
      in: query
      description: The stage at which the request failed.
      schema:
        $ref: '#/components/schemas/StageName'
    failed:
      name: failed
      in: query
      description: Only requests that failed, or only those that did not.
      schema:
        type: boolean
    state:
      name: state
      in: query
      description: The state of a TCP connection.
      schema:
        $ref: '#/components/schemas/TCPState'
    since:
      name: since
      in: query
      description: Requests whose last packet is at or after this time, RFC 3339 or a span before now.
      schema:
        type: string
        examples: ["2026-11-21T10:42:07Z", 90s, 15m, 2h, 7d]
    until:
      name: until
      in: query
      description: Requests whose first packet is before this time, RFC 3339 or a span before now.
      schema:
        type: string
        examples: ["2026-11-21T10:42:07Z", 90s, 15m, 2h, 7d]
    where:
      name: where
      in: query
      # Written by ExpressionDocumentTests.
      description: |
        A condition on the fields of a request: tests `field operator value` joined with `and`, `or`, `not` and
        parentheses. Operators are `=`, `!=`, `in`, for texts `~` (contains, or matches as a whole where there is `*` or
        `?`), for quantities `<`, `<=`, `>` and `>=`. A field by itself holds where it is known, and neither false nor 0.
        `a != b` is `not a = b`, so it holds too where the field is not known. Values that hold blanks or signs are
        quoted. At most 32 levels deep, 256 tests and values. Fields by an example each:

        - `process = curl`: name or path of the program that asked, or the last part of the path
        - `pid = 4711`: number of the process that asked
        - `user = alice`: name or number of the user that it ran as
        - `unit = nginx`: systemd unit that it belongs to; .service may be left out
        - `container = docker`: its container: the identifier, the first 12 characters of it, or the runtime
        - `to in 10.0.0.0/8`: the server: a name and all under it, an address or a network, each with :port if wanted
        - `to.port in (80, 443)`: port of the server
        - `from = 192.0.2.10`: the client: an address or a network, each with :port if wanted
        - `from.port > 60000`: port of the client
        - `port = 53`: port of either side
        - `name ~ *.example.org`: any name that the server is known by, or that was looked up
        - `protocol = udp`: the transport: tcp, udp, icmp, icmpv6
        - `application = quic`: what is spoken: dns, tls, quic, http, dhcp, echo and others
        - `direction = forwarded`: which way it goes, seen from this host: outbound, inbound, forwarded, local
        - `interface = eth0`: interface of its first packet
        - `nat = dnat`: what NAT rewrote: source or destination: snat, dnat
        - `failed`: whether it failed
        - `outcome = pending`: how it came out: ok, failed, pending, unknown
        - `stage = connect`: the stage at which it failed: process, name, route, neighbour, port, translation, connect, secure, exchange, close
        - `reason = refused`: why it failed, in the stage's own word: refused, nxdomain, no_answer and others
        - `state = established`: state of a TCP connection: no_answer, refused, aborted, half_open, established, half_closed, closed, reset_by_client, reset_by_server, midstream
        - `verdict ~ name.*`: identifier of the verdict: connect.refused, healthy and others
        - `severity >= warning`: how bad the verdict is: none, notice, warning, error
        - `not complete`: whether no more will be learnt of it
        - `duration > 500ms`: from its first packet to its last
        - `rtt > 100ms`: round trip of the TCP handshake
        - `bytes > 1MB`: payload of both sides
        - `sent >= 10kB`: payload of the client
        - `received = 0`: payload of the server
        - `retransmitted > 3`: TCP segments that were sent again, by both sides
        - `http.status >= 500`: status of any HTTP/1 exchange
      # End of fields.
      schema:
        type: string
        minLength: 1
        maxLength: 4096
        examples: ["process = curl and failed and to.port in (80, 443)"]
    limit:
      name: limit
      in: query
      description: How many at most.
      schema:
        type: integer
        minimum: 1
        maximum: 1000
        default: 100
    cursor:
      name: cursor
      in: query
      description: "`next_cursor` of the page before; opaque."
      schema:
        type: string
        minLength: 1
        maxLength: 256
  responses:
    BadRequest:
      description: A parameter is wrong; `parameter` and `allowed` say which and what it may be.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
    Forbidden:
      description: >-
        The peer may not see this (`/problems/restricted`; `detail` names the group that may), or the request carries an
        `Origin` header.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
    NotFound:
      description: There is no such request, or no longer.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
    Unavailable:
      description: Too many streams are open.
      content:
        application/problem+json:
          schema:
            $ref: '#/components/schemas/Problem'
  schemas:
    Index:
      description: Where everything is.
      type: object
      required: [version, paths]
      properties:
        version:
          type: string
        paths:
          description: With the names of what varies in braces.
          type: array
          items:
            type: string
    Time:
      description: RFC 3339 in UTC with nine decimals.
      type: string
      format: date-time
      examples: ["2026-11-21T10:42:07.123456789Z"]
    Milliseconds:
      description: A span in milliseconds, with three decimals.
      type: number
      examples: [12.345]
    MACAddress:
      type: string
      pattern: ^[0-9a-f]{2}(:[0-9a-f]{2}){5}$
    Transport:
      description: The innermost transport.
      type: string
      enum: [tcp, udp, icmp, icmpv6]
    Direction:
      description: Seen from the observing host. In a file every initiator counts, as `outbound`.
      type: string
      enum: [outbound, inbound, forwarded, local]
    StageName:
      description: The steps of a request, in the order of the waterfall.
      type: string
      enum: [process, name, route, neighbour, port, translation, connect, secure, exchange, close]
    StageStatus:
      description: "`unseen` must have happened and was not observed."
      type: string
      enum: [ok, failed, pending, unseen, not_applicable]
    Outcome:
      description: "`unknown` is over, and too little of it was seen."
      type: string
      enum: [ok, failed, pending, unknown]
    TCPState:
      description: Where a TCP connection stands.
      type: string
      enum: [no_answer, refused, aborted, half_open, established, half_closed, closed, reset_by_client,
        reset_by_server, midstream]
    LookupStatus:
      description: How a lookup ended.
      type: string
      enum: [pending, answered, no_data, failed, no_answer]
    RequestPage:
      description: Newest first.
      type: object
      required: [items, next_cursor]
      properties:
        items:
          type: array
          items:
            $ref: '#/components/schemas/Request'
        next_cursor:
          description: What to give as `cursor` for the next page; null on the last one.
          type: [string, "null"]
    LookupPage:
      description: Newest first.
      type: object
      required: [items, next_cursor]
      properties:
        items:
          type: array
          items:
            $ref: '#/components/schemas/Lookup'
        next_cursor:
          description: What to give as `cursor` for the next page; null on the last one.
          type: [string, "null"]
    NeighbourPage:
      description: Newest first.
      type: object
      required: [items, next_cursor]
      properties:
        items:
          type: array
          items:
            $ref: '#/components/schemas/Neighbour'
        next_cursor:
          description: What to give as `cursor` for the next page; null on the last one.
          type: [string, "null"]
        kernel:
          description: What the kernel's own neighbour tables say now, on the first page; at most 10,000.
          type: array
          items:
            $ref: '#/components/schemas/KernelNeighbour'
        changes:
          description: What changed in them while the daemon ran, newest first; the latest 256.
          type: array
          items:
            $ref: '#/components/schemas/RouteChange'
    RouteList:
      description: Routes of the host's network namespace, at most 10,000; its own addresses, which the kernel lists as
        routes, are left out.
      type: object
      required: [routes, rules, changes]
      properties:
        answer:
          $ref: '#/components/schemas/RouteAnswer'
        routes:
          type: array
          items:
            $ref: '#/components/schemas/Route'
        rules:
          description: In the order in which the kernel looks at them.
          type: array
          items:
            $ref: '#/components/schemas/Rule'
        changes:
          description: What changed while the daemon ran, newest first; the latest 256.
          type: array
          items:
            $ref: '#/components/schemas/RouteChange'
        trouble:
          description: Why the kernel could not be asked.
          type: string
    Route:
      description: An entry of a routing table.
      type: object
      required: [family, type, destination, table, protocol, metric, next_hops]
      properties:
        family:
          enum: [ipv4, ipv6]
        type:
          description: unicast, blackhole, unreachable, prohibit, throw, and rarely others.
          type: string
        destination:
          description: The word `default`, or a network with its prefix length.
          type: string
        source:
          description: The network that it is for, where IPv6 chooses by source as well.
          type: string
        table:
          description: By name, or by number when it has none.
          type: string
        protocol:
          description: Who put it there; kernel, boot, static, dhcp, ra, bird, …
          type: string
        metric:
          type: integer
          minimum: 0
        preferred_source:
          description: The source address that a socket without one gets.
          type: string
        mtu:
          type: integer
        next_hops:
          type: array
          items:
            $ref: '#/components/schemas/RouteHop'
        since:
          description: When it appeared; absent when it was there before the daemon.
          $ref: '#/components/schemas/Time'
    RouteHop:
      type: object
      required: [weight, usable]
      properties:
        gateway:
          description: Absent when the destination is on the link itself.
          type: string
        interface:
          type: string
        weight:
          description: The share of flows that go this way, where there are several.
          type: integer
        usable:
          description: False while the interface is down or has no carrier.
          type: boolean
    Rule:
      description: A rule of policy routing.
      type: object
      required: [family, priority, selectors, action]
      properties:
        family:
          enum: [ipv4, ipv6]
        priority:
          type: integer
          minimum: 0
        selectors:
          description: What has to fit, in the words of ip-rule(8); empty when everything does.
          type: array
          items:
            type: string
        action:
          description: As in `lookup main`, `prohibit`, `goto 100`.
          type: string
        protocol:
          type: string
    RouteChange:
      type: object
      required: [time, kind, subject, late]
      properties:
        time:
          $ref: '#/components/schemas/Time'
        kind:
          description: default_route, route_added, route_removed, route_changed, rule_added, rule_removed,
            neighbour_failed, neighbour_answers or neighbour_moved.
          type: string
        subject:
          description: What it is about; a destination, a rule, an address.
          type: string
        before:
          type: string
        after:
          type: string
        table:
          type: string
        late:
          description: It was found by comparing lists, some time after it happened.
          type: boolean
    RouteAnswer:
      description: How the kernel would send to one address, for a socket of the daemon's user that is bound to nothing.
      type: object
      required: [to, status]
      properties:
        to:
          type: string
        status:
          $ref: '#/components/schemas/StageStatus'
        reason:
          description: no_route, interface_down, prohibited, unreachable, blackhole or refused; or why it is not known.
          type: string
        type:
          type: string
        gateway:
          type: string
        interface:
          description: Of `interface_down` the one that the default route went by.
          type: string
        preferred_source:
          type: string
        table:
          type: string
        mtu:
          description: What the route or the path allows, else the interface.
          type: integer
        destination:
          description: The entry that fits.
          type: string
        protocol:
          type: string
        metric:
          type: integer
        neighbour:
          $ref: '#/components/schemas/KernelNeighbour'
    KernelNeighbour:
      description: An entry of the kernel's neighbour table.
      type: object
      required: [address, interface, state, router, moves]
      properties:
        address:
          type: string
        interface:
          type: string
        state:
          description: reachable, stale, delay, probe, incomplete, failed, permanent, noarp or none.
          type: string
        mac:
          $ref: '#/components/schemas/MACAddress'
        router:
          description: It says of itself that it is one (RFC 4861 §4.4).
          type: boolean
        earlier_mac:
          description: The MAC before the present one; two stations may claim the address.
          $ref: '#/components/schemas/MACAddress'
        moved:
          $ref: '#/components/schemas/Time'
        moves:
          description: How often its MAC changed since the daemon heard of it.
          type: integer
          minimum: 0
    PortList:
      description: Who listens where in the daemon's network namespace, and how many ports are left to connect from.
      type: object
      required: [listeners, pressure]
      properties:
        listeners:
          description: At most 4096.
          type: array
          items:
            $ref: '#/components/schemas/Listener'
        ephemeral:
          $ref: '#/components/schemas/EphemeralRange'
        pressure:
          description: Peers towards which most ports are taken, the fullest first; at most 64.
          type: array
          items:
            $ref: '#/components/schemas/PortPressure'
        trouble:
          description: Why the kernel could not be asked, or what it does not tell.
          type: string
    Listener:
      description: A TCP listener, or a UDP socket that is connected to nobody.
      type: object
      required: [protocol, address, port, scope, user_id, processes]
      properties:
        protocol:
          description: tcp or udp.
          type: string
        address:
          type: string
        port:
          type: integer
        scope:
          description: all, loopback (other hosts cannot reach it) or address.
          type: string
        user_id:
          type: integer
        processes:
          description: Empty when they may not be looked at.
          type: array
          items:
            $ref: '#/components/schemas/PortProcess'
        waiting:
          description: Connections that wait to be accepted.
          type: integer
        backlog:
          description: How many may.
          type: integer
        drops:
          description: Connections or datagrams dropped for want of room.
          type: integer
    PortProcess:
      description: A process and how many of the sockets that are meant it has.
      type: object
      required: [pid, name, sockets]
      properties:
        pid:
          type: integer
        name:
          type: string
        sockets:
          type: integer
    EphemeralRange:
      description: The ports that the kernel chooses from (ip_local_port_range).
      type: object
      required: [first, last, reserved, count]
      properties:
        first:
          type: integer
        last:
          type: integer
        reserved:
          description: Never chosen.
          type: array
          items:
            type: string
        count:
          description: How many there are towards each peer.
          type: integer
    PortPressure:
      description: Ports in use from one address towards one peer.
      type: object
      required: [source, peer, peer_port, in_use, time_wait, available, processes]
      properties:
        source:
          type: string
        peer:
          type: string
        peer_port:
          type: integer
        in_use:
          description: TIME_WAIT included.
          type: integer
        time_wait:
          type: integer
        available:
          description: Ports in the range.
          type: integer
        processes:
          type: array
          items:
            $ref: '#/components/schemas/PortProcess'
        growth_per_second:
          description: More taken than given back, measured for half a second where ports are scarce.
          type: integer
        exhausted_in_ms:
          description: Until none is free, if it goes on like this.
          type: number
    PortReport:
      description: Everything about one port.
      type: object
      required: [port, summary, listeners, rules, requests]
      properties:
        port:
          type: integer
        summary:
          description: What it comes to, in plain sentences.
          type: string
        listeners:
          type: array
          items:
            $ref: '#/components/schemas/Listener'
        rules:
          description: Rules of the packet filter that look at it, port forwards among them.
          type: array
          items:
            $ref: '#/components/schemas/PortRule'
        rules_trouble:
          description: Why rules are not known, or not all of them.
          type: string
        requests:
          description: The latest to it, newest first; at most 10.
          type: array
          items:
            $ref: '#/components/schemas/PortRequest'
        trouble:
          type: string
    PortRule:
      description: A rule of the packet filter (nftables) that looks at a destination port.
      type: object
      required: [protocols, family, table, chain, handle, action, text, certain]
      properties:
        protocols:
          description: Those that it concerns.
          type: array
          items:
            type: string
        family:
          description: ip, ip6 or inet.
          type: string
        table:
          type: string
        chain:
          type: string
        handle:
          description: Names the rule within its table.
          type: integer
        hook:
          description: Where its chain hangs (prerouting, input, …); absent for one that others jump to.
          type: string
        action:
          description: dnat, redirect, accept, drop, reject, jump, …
          type: string
        text:
          description: The rule in nft's own words, as far as they are known.
          type: string
        certain:
          description: It names the port itself; where not, a named set may hold it.
          type: boolean
    PortRequest:
      description: A request, and how it came out.
      type: object
      required: [id, first, protocol, direction, client, server, outcome]
      properties:
        id:
          type: string
        first:
          $ref: '#/components/schemas/Time'
        protocol:
          $ref: '#/components/schemas/Transport'
        direction:
          $ref: '#/components/schemas/Direction'
        client:
          type: string
        server:
          type: string
        outcome:
          $ref: '#/components/schemas/Outcome'
        failure:
          description: The stage that failed, and why.
          type: string
    LeasePage:
      description: Newest first.
      type: object
      required: [items, next_cursor]
      properties:
        items:
          type: array
          items:
            $ref: '#/components/schemas/Lease'
        next_cursor:
          description: What to give as `cursor` for the next page; null on the last one.
          type: [string, "null"]
    TranslationPage:
      description: The latest first; of those that ended, the last 4096.
      type: object
      required: [items, next_cursor]
      properties:
        items:
          type: array
          items:
            $ref: '#/components/schemas/Translation'
        next_cursor:
          description: What to give as `cursor` for the next page; null on the last one.
          type: [string, "null"]
    Request:
      description: One request and all that is known of it.
      type: object
      required: [record, id, protocol, direction, vlan_ids, tunnels, client, server, first, last, duration_ms, stages,
        outcome, lookups, icmp_errors, icmp_error_count, complete, coverage]
      properties:
        record:
          const: request
        id:
          description: Twelve characters, the same for the same frames live and from a file.
          type: string
        community_id:
          description: Community ID v1.
          type: string
        protocol:
          $ref: '#/components/schemas/Transport'
        direction:
          $ref: '#/components/schemas/Direction'
        interface:
          description: The interface of the first packet.
          type: string
        vlan_ids:
          description: Outermost first; empty when the frames carried no tag.
          type: array
          maxItems: 4
          items:
            type: integer
            minimum: 0
            maximum: 4095
        tunnels:
          description: >-
            What its packets travelled in, outermost first; empty when in nothing. The addresses of the request are
            those of the innermost packet. At most four; what is in more is not read.
          type: array
          maxItems: 4
          items:
            $ref: '#/components/schemas/Tunnel'
        client:
          description: The side that sent the first SYN, or the first packet.
          $ref: '#/components/schemas/RequestSide'
        server:
          $ref: '#/components/schemas/RequestSide'
        first:
          $ref: '#/components/schemas/Time'
        last:
          $ref: '#/components/schemas/Time'
        duration_ms:
          $ref: '#/components/schemas/Milliseconds'
        state:
          description: TCP only.
          $ref: '#/components/schemas/TCPState'
        conn_state:
          description: |-
            How far it came and how it ended, in the codes of Zeek's conn.log: S0, S1, SF, S2, S3, REJ, RSTO, RSTR, RSTOS0,
            RSTRH, SH, SHR or OTH.
          type: string
        history:
          description: |-
            What happened in which order, in the letters of Zeek's conn.log, upper case for the client; at most 24. TCP and
            UDP only.
          type: string
        port_reused:
          description: There, and true, when its ports were another connection's until its SYN.
          type: boolean
        handshake_rtt_ms:
          $ref: '#/components/schemas/Milliseconds'
        server_rtt_ms:
          description: From the SYN to the SYN-ACK.
          $ref: '#/components/schemas/Milliseconds'
        client_rtt_ms:
          description: From the SYN-ACK to the ACK.
          $ref: '#/components/schemas/Milliseconds'
        closed_first:
          description: Who sent FIN or RST first, client or server.
          type: string
        identifier:
          description: ICMP echo only.
          type: integer
          minimum: 0
          maximum: 65535
        application:
          description: >-
            dns, mdns, llmnr, nbns, tls, quic, http, http2 (without TLS), dhcp, vxlan, geneve or echo, recognised by
            content.
          type: string
        quic:
          $ref: '#/components/schemas/QUICConnection'
        http:
          description: HTTP/1 only.
          $ref: '#/components/schemas/HTTP'
        stages:
          description: All ten, in the order of the waterfall.
          type: array
          items:
            $ref: '#/components/schemas/Stage'
        outcome:
          $ref: '#/components/schemas/Outcome'
        failure:
          description: The first stage that failed.
          $ref: '#/components/schemas/Failure'
        next_hop:
          $ref: '#/components/schemas/NextHop'
        answered_from:
          $ref: '#/components/schemas/ElsewhereAnswer'
        listener:
          $ref: '#/components/schemas/ServingListener'
        answer_ttl:
          description: TTL or hop limit of the server's first packet as it arrived.
          type: integer
          minimum: 0
          maximum: 255
        suggested_hops:
          description: Hops to the server, if it began with a TTL of 64, 128 or 255.
          type: integer
          minimum: 0
        tls:
          description: The TLS handshake, as far as it can be read.
          $ref: '#/components/schemas/TLS'
        lookups:
          description: The lookups that this request itself carried, when it is a DNS exchange.
          type: array
          items:
            $ref: '#/components/schemas/NameLookup'
        encrypted_lookup:
          $ref: '#/components/schemas/EncryptedLookup'
        attempts:
          description: A name with several addresses is tried by one after the other, or by several at once (RFC 8305); all of
            these connections are one request, which the one that won stands for, or the last when none did. Inferred from
            the client, the name that its own lookup gave the addresses for, the port, and each attempt having begun while an
            earlier one was unanswered, or within a second of its failure. In the order in which they began, this one among
            them; absent when there was one. Attempts by QUIC are requests of their own. At most 8.
          type: array
          items:
            $ref: '#/components/schemas/ConnectAttempt'
        attempt_of:
          description: Only in streams, of a request that was told as one by itself before - the id of the request that it turned
            out to be an attempt of. It will not be told again.
          type: string
        translation:
          description: What NAT made of it; absent when nothing is known of a rewrite.
          $ref: '#/components/schemas/Translation'
        legs:
          description: >-
            The places where its packets were seen, in the order of its way to the server, the one where they are counted
            among them; absent when there was one. At most eight. A packet is counted once, wherever else it passed.
          type: array
          items:
            $ref: '#/components/schemas/Leg'
        icmp_errors:
          description: Errors that quote this request, without `record`; the oldest ones when there were more.
          type: array
          items:
            $ref: '#/components/schemas/ICMPError'
        icmp_error_count:
          type: integer
          minimum: 0
        matched:
          description: How `waybill run` knows the request to be its command's; the daemon never writes it.
          type: string
          enum: [process, port, time]
        complete:
          description: No more will be learnt of it.
          type: boolean
        ended_because:
          description: closed, idle, evicted, capture_ended or port_reused.
          type: string
        coverage:
          $ref: '#/components/schemas/Coverage'
        verdict:
          $ref: '#/components/schemas/Verdict'
    RequestSide:
      description: The client or the server. Counts are by the headers' own lengths.
      type: object
      required: [address, names, segments, payload_bytes]
      properties:
        address:
          type: string
        port:
          description: TCP and UDP only.
          type: integer
          minimum: 0
          maximum: 65535
        names:
          description: Names that the address is known by, best first.
          type: array
          items:
            $ref: '#/components/schemas/Name'
        mac:
          description: Source MAC of this side's first frame.
          $ref: '#/components/schemas/MACAddress'
        segments:
          description: TCP segments, UDP datagrams (a fragmented one once) or ICMP messages.
          type: integer
          minimum: 0
        payload_bytes:
          type: integer
          minimum: 0
        ttl:
          type: integer
          minimum: 0
          maximum: 255
        first_payload:
          $ref: '#/components/schemas/Time'
        last_payload:
          $ref: '#/components/schemas/Time'
        sequence_bytes:
          description: TCP payload of distinct sequence space; retransmissions count once.
          type: integer
          minimum: 0
        retransmitted_segments:
          type: integer
          minimum: 0
        out_of_order_segments:
          type: integer
          minimum: 0
        zero_windows:
          type: integer
          minimum: 0
        missing_bytes:
          description: Bytes of sequence space skipped over and never seen.
          type: integer
          minimum: 0
        unacknowledged:
          description: >-
            Sequence numbers sent last that the other side has not acknowledged, a FIN's too; absent while there is none, and
            where that cannot be told, as after its RST.
          type: integer
          minimum: 0
        closed_window_ms:
          description: How long it offered no window, all such times together; absent while that never was.
          $ref: '#/components/schemas/Milliseconds'
        window_closed:
          description: True while it offers no window; else absent.
          type: boolean
        reset_ttl:
          description: TTL or hop limit of its first RST. Another one than `ttl` was likely sent by somebody else.
          type: integer
          minimum: 0
          maximum: 255
        fast_retransmissions:
          description: 'Sent again within 20 ms of at least two duplicate ACKs that asked for it; absent while there is none.'
          type: integer
          minimum: 0
        spurious_retransmissions:
          description: 'Sent again although the other side had acknowledged it; absent while there is none.'
          type: integer
          minimum: 0
        duplicate_acks:
          description: 'ACKs that only repeat the one before; absent while there is none.'
          type: integer
          minimum: 0
        lost_segments:
          description: 'Segments before which something is missing: Wireshark''s "previous segment not captured"; absent while there is none.'
          type: integer
          minimum: 0
        acked_unseen_segments:
          description: 'ACKs for bytes that were not seen; absent while there is none.'
          type: integer
          minimum: 0
        window_full:
          description: 'Segments that filled the other side''s window to its last byte; absent while there is none.'
          type: integer
          minimum: 0
        window_updates:
          description: 'Segments that tell nothing but a new window; absent while there is none.'
          type: integer
          minimum: 0
        zero_window_probes:
          description: 'Single new bytes sent into a window of zero; absent while there is none.'
          type: integer
          minimum: 0
        keep_alives:
          description: 'Segments of at most one byte, just before the next sequence number; absent while there is none.'
          type: integer
          minimum: 0
        keep_alive_acks:
          description: 'ACKs that answer a keep-alive; absent while there is none.'
          type: integer
          minimum: 0
        syn_count:
          description: Client only.
          type: integer
          minimum: 0
        first_syn:
          $ref: '#/components/schemas/Time'
        last_syn:
          $ref: '#/components/schemas/Time'
        syn_ack_count:
          description: Server only.
          type: integer
          minimum: 0
        first_syn_ack:
          $ref: '#/components/schemas/Time'
        last_syn_ack:
          $ref: '#/components/schemas/Time'
        fin:
          type: boolean
        fin_time:
          $ref: '#/components/schemas/Time'
        rst:
          type: boolean
        rst_time:
          $ref: '#/components/schemas/Time'
        mss:
          description: Null when the SYN or SYN-ACK carried none.
          type: [integer, "null"]
          minimum: 0
          maximum: 65535
        window_scale:
          description: Null when the SYN or SYN-ACK carried none.
          type: [integer, "null"]
          minimum: 0
          maximum: 255
        sack_permitted:
          type: boolean
        timestamps:
          type: boolean
        fast_open:
          type: boolean
        multipath:
          type: boolean
    Name:
      description: A name of an address, and how the two were joined.
      type: object
      required: [name, how]
      properties:
        name:
          type: string
        how:
          description: >-
            answer, most_recent_answer (the last of several that gave this address), host_answer, same_station_answer
            (a client of the same hardware address asked), expired_answer (older than its TTL: it names nothing), sni or
            http_host.
          type: string
        lookup:
          $ref: '#/components/schemas/NameLookup'
    EncryptedLookup:
      description: That the request likely asks for names inside encryption - DNS over TLS, HTTPS or QUIC. Inferred from the port
        853, the ALPN `dot` or `doq`, or at port 443 from the name or, when no name is known, the address of one of the large
        public resolvers; HTTP/2 and HTTP/3 alone say nothing.
      type: object
      required: [kind, confidence, because]
      properties:
        kind:
          enum: [dot, doh, doq]
        confidence:
          enum: [likely]
        because:
          description: "What it is concluded from: `server name dns.google`."
          type: string
    ConnectAttempt:
      description: One try to reach the name of a request by one of its addresses.
      type: object
      required: [client, server, started, outcome]
      properties:
        client:
          $ref: '#/components/schemas/SocketAddress'
        server:
          $ref: '#/components/schemas/SocketAddress'
        started:
          $ref: '#/components/schemas/Time'
        outcome:
          description: "`won`: the client went on with it; `failed`: for the reason beside it; `abandoned`: unanswered when
            another one was taken; `lost`: answered too, and not used; `pending`: undecided when last seen."
          enum: [won, failed, abandoned, lost, pending]
        reason:
          description: The word that a failed connect stage has.
          type: string
        duration_ms:
          description: From its first SYN to what decided it.
          $ref: '#/components/schemas/Milliseconds'
        interface:
          type: string
    NameLookup:
      description: A lookup as a request remembers it.
      type: object
      required: [name, type, server, status, retries, chain, addresses, kind]
      properties:
        name:
          type: string
        type:
          type: string
        server:
          description: Address and port.
          type: string
        status:
          $ref: '#/components/schemas/LookupStatus'
        queried:
          $ref: '#/components/schemas/Time'
        answered:
          $ref: '#/components/schemas/Time'
        rtt_ms:
          $ref: '#/components/schemas/Milliseconds'
        retries:
          type: integer
          minimum: 0
        rcode:
          type: string
        chain:
          description: CNAMEs from the name asked for, in order.
          type: array
          items:
            type: string
        addresses:
          type: array
          items:
            type: string
        ttl:
          description: Seconds.
          type: integer
          minimum: 0
        kind:
          $ref: '#/components/schemas/LookupKind'
        extended_errors:
          description: Why the server answered as it did (RFC 8914); absent when it did not say.
          type: array
          items:
            $ref: '#/components/schemas/ExtendedError'
        searched:
          description: Names that the client's search list made before this one and that led nowhere, in order; inferred.
            Absent when there were none.
          type: array
          items:
            $ref: '#/components/schemas/SearchedName'
        asked_before:
          description: Other servers that were asked the same before this one; absent when there were none.
          type: array
          items:
            $ref: '#/components/schemas/AskedServer'
        pair:
          $ref: '#/components/schemas/LookupPair'
        stub:
          $ref: '#/components/schemas/StubAnswer'
    LookupKind:
      description: By which protocol a name was asked for. In all but `dns` the question usually goes to a group, and an answer
        comes only from who has the name - silence is no failure.
      enum: [dns, mdns, llmnr, nbns]
    EDNS:
      description: What one side said by EDNS (RFC 6891).
      type: object
      required: [udp_size, version, do, options]
      properties:
        udp_size:
          description: Bytes that the sender takes in one UDP datagram.
          type: integer
        version:
          type: integer
        do:
          description: DNSSEC records are wanted, or given.
          type: boolean
        options:
          description: Mnemonics of the options in order, `OPT65001` for one without; of cookies nothing else is kept.
          type: array
          items:
            type: string
        nsid:
          description: The server's own name for itself (RFC 5001).
          type: string
        client_subnet:
          description: Network that the answer is asked for, and behind a second slash the length of the prefix that it holds
            for (RFC 7871).
          type: string
        keepalive_ms:
          description: How long the server keeps an idle connection (RFC 7828).
          $ref: '#/components/schemas/Milliseconds'
        padding:
          description: Octets of padding (RFC 7830).
          type: integer
    ExtendedError:
      description: An extended DNS error (RFC 8914).
      type: object
      required: [code, name]
      properties:
        code:
          type: integer
        name:
          description: The registered purpose of the code; `EDE65535` where there is none.
          type: string
        text:
          description: What the server added, printable.
          type: string
    Sections:
      description: Records in each section of an answer.
      type: object
      required: [answer, authority, additional]
      properties:
        answer:
          type: integer
        authority:
          type: integer
        additional:
          type: integer
    SearchedName:
      description: A name that a search list made and that led nowhere.
      type: object
      required: [name, status, rtt_ms]
      properties:
        name:
          type: string
        status:
          $ref: '#/components/schemas/LookupStatus'
        rcode:
          type: string
        rtt_ms:
          $ref: '#/components/schemas/Milliseconds'
    AskedServer:
      description: A server that was asked the same question before; `pending` when it had not answered by then.
      type: object
      required: [server, status, queried]
      properties:
        server:
          description: Address and port.
          type: string
        status:
          $ref: '#/components/schemas/LookupStatus'
        rcode:
          type: string
        queried:
          $ref: '#/components/schemas/Time'
    StubAnswer:
      description: How a stub resolver on this host (systemd-resolved, dnsmasq) came by its answer; absent when the server is
        another host, or when nothing can be said. That its questions belong to this lookup is inferred from name and time.
      type: object
      required: [from_cache, upstream]
      properties:
        from_cache:
          description: It asked nobody, so the answer was in its cache or its own.
          type: boolean
        upstream:
          description: The same question as it sent it on, in order, at most eight.
          type: array
          items:
            $ref: '#/components/schemas/UpstreamLookup'
    UpstreamLookup:
      description: The leg of a lookup from a stub resolver to a server; `pending` when it had no answer by then.
      type: object
      required: [server, status, queried]
      properties:
        server:
          description: Address and port.
          type: string
        status:
          $ref: '#/components/schemas/LookupStatus'
        rcode:
          type: string
        queried:
          $ref: '#/components/schemas/Time'
        rtt_ms:
          $ref: '#/components/schemas/Milliseconds'
    LookupPair:
      description: The question for the other IP version (A and AAAA) that the client asked together with this one. Of a
        lookup, as it stood at its own answer; of a request's name, as it is known now.
      type: object
      required: [type, status]
      properties:
        type:
          type: string
        status:
          $ref: '#/components/schemas/LookupStatus'
        rcode:
          type: string
        rtt_ms:
          $ref: '#/components/schemas/Milliseconds'
    TLS:
      description: >-
        What was read of a TLS handshake, over TCP or within QUIC. Names are those of IANA; a number without one is
        written 0x7F1C. Values that are sent only to be ignored (RFC 8701) are left out of every list.
      type: object
      required: [alpn_offered, versions_offered, cipher_suites_offered, groups_offered, key_shares, signature_algorithms_offered, certificates, client_certificates, alerts, alert_count]
      properties:
        server_name:
          description: The host asked for (SNI).
          type: string
        server_name_may_be_outer:
          description: If the encrypted ClientHello is a real one, the server name is that of the server in front.
          type: boolean
        ech:
          description: offered, when there is an encrypted ClientHello, or random bytes in its place, which look the same.
          type: string
        alpn_offered:
          description: Application protocols, in order; at most 32.
          type: array
          items:
            type: string
        alpn:
          description: The one chosen. TLS 1.3 encrypts it.
          type: string
        versions_offered:
          description: In order, as in TLS 1.3.
          type: array
          items:
            type: string
        version:
          description: TLS 1.3
          type: string
        cipher_suites_offered:
          description: In order; at most 128.
          type: array
          items:
            type: string
        cipher_suite:
          description: TLS_AES_128_GCM_SHA256
          type: string
        groups_offered:
          description: Groups for the key exchange, in order.
          type: array
          items:
            type: string
        key_shares:
          description: The groups that a key was sent along for.
          type: array
          items:
            type: string
        group:
          description: The group of the key exchange; after a HelloRetryRequest alone, the one it asks for.
          type: string
        signature_algorithms_offered:
          description: In order.
          type: array
          items:
            type: string
        resumption:
          description: Absent when no session was offered to be resumed.
          $ref: '#/components/schemas/Resumption'
        early_data_offered:
          description: Data is sent before the handshake is done (0-RTT).
          type: boolean
        ja3:
          description: MD5 of ja3_text. Absent, as JA4 is, when the ClientHello was not seen whole.
          type: string
        ja3_text:
          description: Absent when longer than 1024 characters.
          type: string
        ja4:
          description: https://github.com/FoxIO-LLC/ja4
          type: string
        certificates:
          description: The server's, its own first, up to TLS 1.2; later versions encrypt them. At most four.
          type: array
          items:
            $ref: '#/components/schemas/Certificate'
        certificate_count:
          description: Those that were sent.
          type: integer
          minimum: 0
        client_certificate_requested:
          description: Up to TLS 1.2.
          type: boolean
        client_certificates:
          type: array
          items:
            $ref: '#/components/schemas/Certificate'
        client_certificate_count:
          description: 0 when the client was asked for one and has none.
          type: integer
          minimum: 0
        certificate_status:
          description: A stapled OCSP response was sent; up to TLS 1.2.
          type: boolean
        session_ticket:
          description: The server gave a session ticket; up to TLS 1.2.
          type: boolean
        alerts:
          description: Alerts in the clear; the oldest eight when there were more.
          type: array
          items:
            $ref: '#/components/schemas/TLSAlert'
        alert_count:
          type: integer
          minimum: 0
        encrypted_alert_from:
          description: client or server, when it sent an alert before the end of the handshake that cannot be read.
          type: string
        encrypted_alert_time:
          $ref: '#/components/schemas/Time'
        client_hello:
          description: The first byte of the first ClientHello.
          $ref: '#/components/schemas/Time'
        hello_retry_request:
          description: The server asked for another ClientHello.
          $ref: '#/components/schemas/Time'
        server_hello:
          $ref: '#/components/schemas/Time'
        finished:
          description: The last flight of the handshake that is visible.
          $ref: '#/components/schemas/Time'
        handshake_ms:
          description: From client_hello to finished.
          $ref: '#/components/schemas/Milliseconds'
        partly_unseen:
          description: Bytes of the handshake were not captured.
          type: boolean
    Resumption:
      type: object
      required: [offered]
      properties:
        offered:
          description: session_id, ticket or pre_shared_key.
          type: string
        accepted:
          description: Whether the session was resumed. Absent when that was not seen.
          type: boolean
    TLSAlert:
      type: object
      required: [time, from, level, name]
      properties:
        time:
          $ref: '#/components/schemas/Time'
        from:
          description: client or server.
          type: string
        level:
          description: warning or fatal.
          type: string
        name:
          description: handshake_failure
          type: string
    Certificate:
      description: What an X.509 certificate says of itself (RFC 5280). What could not be read is absent.
      type: object
      required: [names, names_left_out, sha256]
      properties:
        subject:
          description: As RFC 4514 writes it, CN=www.example.org,O=Example.
          type: string
        names:
          description: DNS names and addresses that it is for; at most 32.
          type: array
          items:
            type: string
        names_left_out:
          type: integer
          minimum: 0
        issuer:
          type: string
        serial:
          description: Hexadecimal digits.
          type: string
        not_before:
          description: RFC 3339 in whole seconds, in years up to 9999.
          type: string
          format: date-time
        not_after:
          type: string
          format: date-time
        key_type:
          description: rsa, ec, ed25519, or the algorithm's object identifier.
          type: string
        key_bits:
          type: integer
          minimum: 0
        key_curve:
          description: secp256r1
          type: string
        signature_algorithm:
          description: sha256WithRSAEncryption
          type: string
        sha256:
          description: SHA-256 of the whole certificate.
          type: string
        self_signed:
          description: Subject and issuer are the same, and so are their key identifiers. The signature is not checked.
          type: boolean
        expired:
          description: When it was seen.
          type: boolean
        not_yet_valid:
          description: When it was seen.
          type: boolean
        name_matches:
          description: Whether it is for the host that was asked for; of the server's own certificate alone.
          type: boolean
    Stage:
      description: One step of a request.
      type: object
      required: [stage, status, facts]
      properties:
        stage:
          $ref: '#/components/schemas/StageName'
        status:
          $ref: '#/components/schemas/StageStatus'
        start:
          description: May lie before `first`, as that of a lookup does.
          $ref: '#/components/schemas/Time'
        duration_ms:
          $ref: '#/components/schemas/Milliseconds'
        reason:
          description: A word of the stage when it failed or is pending; a sentence when nothing is known of it.
          type: string
        facts:
          $ref: '#/components/schemas/Facts'
        sources:
          $ref: '#/components/schemas/Sources'
    Facts:
      description: >-
        Named values, written in the order of the names below; more may come. Those whose names end in `_ms` are spans in
        milliseconds.
      type: object
      propertyNames:
        examples: [
          process, pid, process_age_ms, executable, command_line, user, unit, container, container_runtime,
          parents, control_group, network_namespace, found_by, not_known, name, how, type, types, rcode, chain,
          addresses, server, from_cache, upstream, upstream_ms, lookup_kind, searched, asked_before, pair,
          pair_ms, extended_errors, interface, vlan_ids, next_hop, mac, other_mac, age_ms, ttl, retries, requests,
          awaited, gateway, out_interface, preferred_source, route_type, route, table, route_protocol, metric,
          mtu, next_hops, neighbour_state, earlier_mac, source_port, ports_in_use, ports_in_time_wait, port_range,
          ports, exhausted_in_ms, port_reused, remembered_by_server, source_nat,
          destination_nat, known_by, rule, source_belongs_to, insert_failed, packets_refused, tracked, track_limit, lasted_ms, unclaimed_answer,
          unclaimed_after_ms, turned_away_with, attempts, attempts_ms, error,
          from, handshake_rtt_ms,
          server_rtt_ms, client_rtt_ms, syn_count, syn_ack_count, client_mss, server_mss, client_window_scale,
          server_window_scale, sack, timestamps, fast_open, multipath, quic_version, first_version,
          versions_offered, retry, server_name, version, cipher_suite, alpn, application_protocol, resumed,
          early_data, ech, certificate_subject, certificate_expires, certificate_expired,
          certificate_not_yet_valid, certificate_for_another_name, certificate_self_signed, ja4, alert,
          alert_from, reason_phrase, encrypted, protocol, method, host, path, http_status, exchanges,
          failed_exchanges, upgrade, tunnel_to, unread, moved_to, echo_requests, echo_replies, by, order,
          client_bytes, server_bytes, client_segments, server_segments, retransmitted_segments, duplicate_acks,
          lost_segments, window_full, zero_windows, keep_alives, missing_bytes]
      additionalProperties:
        oneOf:
          - type: string
          - type: number
          - type: boolean
          - type: array
            items:
              type: string
    Sources:
      description: Where facts came from that were not read from frames.
      type: object
      additionalProperties:
        enum: [kernel, inferred]
    Failure:
      description: Where a request failed, and why.
      type: object
      required: [stage, reason]
      properties:
        stage:
          $ref: '#/components/schemas/StageName'
        reason:
          type: string
    ElsewhereAnswer:
      description: Another address or port than the request was sent to answered its SYN.
      type: object
      required: [address, port, time]
      properties:
        address:
          type: string
        port:
          type: integer
          minimum: 0
          maximum: 65535
        mac:
          description: 'Source MAC of the answer: the station itself, or the hop before the observer.'
          $ref: '#/components/schemas/MACAddress'
        time:
          $ref: '#/components/schemas/Time'
    ServingListener:
      description: What listens at the port of an inbound request, as it was a moment after the request began.
      type: object
      required: [address]
      properties:
        address:
          description: What it is bound to; `0.0.0.0` or `::` for all addresses.
          type: string
        waiting:
          description: Connections that waited to be accepted; TCP only.
          type: integer
          minimum: 0
        limit:
          description: How many may wait; TCP only.
          type: integer
          minimum: 0
    NextHop:
      description: The station that the client's frames were sent to.
      type: object
      properties:
        address:
          type: string
        mac:
          $ref: '#/components/schemas/MACAddress'
    HTTP:
      description: >-
        The exchanges of an HTTP/1 connection (RFC 9112). Queries, cookies, credentials and bodies are never kept.
      type: object
      required: [exchanges, exchange_count, failed_count, left_out]
      properties:
        exchanges:
          description: In order; the first and the last ones when there are many, of the last rather those that failed.
          type: array
          maxItems: 32
          items:
            $ref: '#/components/schemas/HTTPExchange'
        exchange_count:
          description: Of the whole connection.
          type: integer
          minimum: 0
        failed_count:
          description: Those with a status of 400 or above, or cut short.
          type: integer
          minimum: 0
        left_out:
          description: Exchanges that are not listed.
          type: integer
          minimum: 0
        tunnel_to:
          description: The target of a CONNECT that the proxy granted; what the connection carries then goes to it.
          type: string
        upgrade:
          description: The protocol that the connection changed to (status 101).
          type: string
        unread:
          description: Why later exchanges, if there were any, are not known, which is lost, malformed or too_long.
          type: string
    HTTPExchange:
      description: One request on an HTTP/1 connection and its response.
      type: object
      required: [number, interim, request_body_bytes, request_chunked, response_body_bytes, response_chunked,
        missing_body_bytes]
      properties:
        number:
          description: Its place on the connection, from 1.
          type: integer
          minimum: 1
        method:
          description: Absent for a response that nobody asked for.
          type: string
        host:
          description: Of the Host field or the target, without its port.
          type: string
        path:
          description: Escaped, without the query.
          type: string
        version:
          description: Of the request, such as 1.1.
          type: string
        status:
          type: integer
          minimum: 100
          maximum: 599
        response_version:
          description: Of the response.
          type: string
        interim:
          description: Responses before the final one, such as 100 and 103; the first four.
          type: array
          maxItems: 4
          items:
            $ref: '#/components/schemas/InterimResponse'
        requested:
          description: First byte of the request.
          $ref: '#/components/schemas/Time'
        request_ended:
          description: Last byte of the request, its body included.
          $ref: '#/components/schemas/Time'
        responded:
          description: First byte of the final response.
          $ref: '#/components/schemas/Time'
        response_ended:
          description: Last byte of the response, its body included.
          $ref: '#/components/schemas/Time'
        request_content_length:
          description: As declared.
          type: integer
          minimum: 0
        request_body_bytes:
          description: Bytes of the content, without chunk sizes and trailers.
          type: integer
          minimum: 0
        request_chunked:
          type: boolean
        content_length:
          description: As declared by the response, also where no body follows (HEAD, 304).
          type: integer
          minimum: 0
        response_body_bytes:
          description: Bytes of the content, without chunk sizes and trailers.
          type: integer
          minimum: 0
        response_chunked:
          type: boolean
        missing_body_bytes:
          description: Bytes of both bodies that were not captured.
          type: integer
          minimum: 0
        content_type:
          description: Without parameters.
          type: string
        server:
          description: What the server calls itself.
          type: string
        upgrade:
          description: The protocol that the exchange changed the connection to.
          type: string
        interrupted:
          description: >-
            Who ended the connection before the response was there in full, closed_by_server, reset_by_server, closed_by_client or
            reset_by_client.
          type: string
    InterimResponse:
      description: A response before the final one.
      type: object
      required: [status, time]
      properties:
        status:
          type: integer
          minimum: 100
          maximum: 199
        time:
          $ref: '#/components/schemas/Time'
    Tunnel:
      description: One encapsulation that packets travelled in.
      type: object
      required: [kind]
      properties:
        kind:
          description: pppoe, mpls, gre, pptp, ip_in_ip, 6in4, 4in6, 6in6, vxlan or geneve.
          type: string
        id:
          description: >-
            The session of PPPoE, the innermost label of MPLS, the key of GRE, the call of PPTP, the virtual network
            of VXLAN and Geneve.
          type: integer
          minimum: 0
          maximum: 4294967295
        source:
          description: Where the packet that carried it came from; absent when that has no IP header (PPPoE, MPLS).
          type: string
        destination:
          type: string
    Translation:
      description: What NAT makes of one connection.
      type: object
      required: [protocol, kinds, original, translated, known_by]
      properties:
        protocol:
          $ref: '#/components/schemas/Transport'
        kinds:
          description: >-
            snat when the source is rewritten (masquerade too), dnat when the destination is (redirect too); both for a
            hairpin.
          type: array
          items:
            enum: [snat, dnat]
        original:
          description: As the client sent it.
          $ref: '#/components/schemas/TranslationTuple'
        translated:
          description: As it went on. The answers come back to its source, and are written back from there.
          $ref: '#/components/schemas/TranslationTuple'
        known_by:
          description: >-
            conntrack - the kernel told. segment - the same segment was seen before and after it, known by its sequence
            numbers and timestamp or by its IP identification and payload; so it is inferred.
          enum: [conntrack, segment]
        began:
          description: Absent when it is older than what is known of it.
          $ref: '#/components/schemas/Time'
        ended:
          description: Absent while the mapping stands.
          $ref: '#/components/schemas/Time'
        heard:
          description: When the kernel last told something of it, which is not its last packet. Of `/v1/translations` alone.
          $ref: '#/components/schemas/Time'
        state:
          description: TCP's, in conntrack's words. Of `/v1/translations` alone.
          type: string
        answered:
          description: Packets were seen in both directions. Of `/v1/translations` alone.
          type: boolean
        zone:
          description: Of conntrack; absent when 0.
          type: integer
          minimum: 0
          maximum: 65535
        mark:
          description: Of the connection; absent when 0.
          type: integer
          minimum: 0
          maximum: 4294967295
        rule:
          $ref: '#/components/schemas/TranslationRule'
    TranslationTuple:
      description: Who sends to whom. For an ICMP echo the source's port is the identifier.
      type: object
      required: [source, destination]
      properties:
        source:
          $ref: '#/components/schemas/SocketAddress'
        destination:
          $ref: '#/components/schemas/SocketAddress'
    TranslationRule:
      description: The rule of the packet filter that asks for it.
      type: object
      required: [family, table, chain, handle, action, text]
      properties:
        family:
          description: ip, ip6 or inet.
          type: string
        table:
          type: string
        chain:
          type: string
        handle:
          description: Names the rule within its table, as `nft -a list ruleset` shows it.
          type: integer
          minimum: 0
        action:
          description: snat, dnat, masquerade or redirect.
          type: string
        text:
          type: string
    PortForwardList:
      description: What `nft list ruleset` leads elsewhere, the rules of iptables-nft among them. Rules in chains that no packet comes to are left out.
      type: object
      required: [items]
      properties:
        items:
          type: array
          items:
            $ref: '#/components/schemas/PortForward'
        trouble:
          description: Why the rules, or what came by them, could not be told; absent when they could.
          type: string
    PortForward:
      description: A rule that leads what is sent to one place on to another. What it looks for is as nft writes it; what is absent is any.
      type: object
      required: [rule, uses]
      properties:
        rule:
          $ref: '#/components/schemas/TranslationRule'
        protocol:
          description: tcp or udp, where the rule names one.
          type: string
        address:
          type: string
        ports:
          description: "`8080`, `9000-9010`, `{ 80, 443 }`."
          type: string
        interface:
          description: Where packets come in.
          type: string
        target_address:
          description: Absent when that is the host itself, or not told.
          type: string
        target_port:
          description: Absent when it stays the same, or is not told.
          type: string
        uses:
          description: Connections that came by it since observing began, or since the rule came. Where two rules could have led one, neither is counted.
          type: integer
          minimum: 0
        open:
          description: Those that stand now; absent when there are too many to look at.
          type: integer
          minimum: 0
        last_used:
          description: When the last one began; absent when none was seen to begin.
          $ref: '#/components/schemas/Time'
        last:
          description: That one, as its client sent it.
          $ref: '#/components/schemas/TranslationTuple'
    Leg:
      description: One place where a request's packets were seen.
      type: object
      required: [tuple, tunnels, known_by]
      properties:
        interface:
          type: string
        tuple:
          description: From client to server, as it is written there.
          $ref: '#/components/schemas/TranslationTuple'
        tunnels:
          description: What its packets travelled in there, outermost first.
          type: array
          items:
            $ref: '#/components/schemas/Tunnel'
        first:
          description: The first packet to the server.
          $ref: '#/components/schemas/Time'
        first_answer:
          description: The first packet back.
          $ref: '#/components/schemas/Time'
        delay_ms:
          description: From the leg before it to this one, on the way to the server.
          $ref: '#/components/schemas/Milliseconds'
        answer_delay_ms:
          description: From the leg before it, on the way back, to this one.
          $ref: '#/components/schemas/Milliseconds'
        known_by:
          description: >-
            tuple - it has the request's own. Else how it is known to be the same request - conntrack or segment.
          enum: [tuple, conntrack, segment]
    Coverage:
      description: What the observer could not see.
      type: object
      required: [cut_frames, joined_midstream, untracked_holes, copies_elsewhere, reassembled]
      properties:
        cut_frames:
          description: Frames that the snap length cut.
          type: integer
          minimum: 0
        joined_midstream:
          description: |-
            It began before it was seen. What is told of HTTP, TLS and DNS is what could be read from a certain beginning on;
            exchanges are numbered from there.
          type: boolean
        untracked_holes:
          type: integer
          minimum: 0
        copies_elsewhere:
          description: Copies of its packets on other interfaces, not counted again.
          type: integer
          minimum: 0
        reassembled:
          description: Its datagrams that came in fragments and were put together.
          type: integer
          minimum: 0
        analysis_skipped:
          description: |-
            There, and true, when there was no room to count which segments stand out: those counts and history are absent.
          type: boolean
        translations_missed:
          description: >-
            There, and true, when the kernel's news of translations were lost while it was open: one of its own may be unknown.
          type: boolean
    QUICConnection:
      description: What was read of a QUIC connection, from its headers and from the Initial packets, whose keys are public.
      type: object
      required: [version, versions_offered, version_negotiation, retry, zero_rtt_packets, unread_initials, address_changes]
      properties:
        version:
          description: The version in use, 1, 2, draft-29 and the like, or eight hexadecimal digits behind 0x.
          type: string
        first_version:
          description: The version of the client's first packet, when another one came to be used.
          type: string
        versions_offered:
          description: What the server offered in a Version Negotiation packet; empty without one.
          type: array
          items:
            type: string
        version_negotiation:
          type: boolean
        retry:
          description: The server had the client prove its address first.
          type: boolean
        client_connection_id:
          description: In hexadecimal; empty when it has no bytes.
          type: string
        server_connection_id:
          description: In hexadecimal; empty when it has no bytes.
          type: string
        original_destination_connection_id:
          description: What the client called the server in its first packet.
          type: string
        zero_rtt_packets:
          type: integer
          minimum: 0
        unread_initials:
          description: Initial packets that could not be decrypted, or were not for want of room.
          type: integer
          minimum: 0
        rtt_ms:
          description: From a client's Initial packet to the server's that acknowledges it.
          $ref: '#/components/schemas/Milliseconds'
        handshake_ms:
          description: From the client's first packet to its first 1-RTT packet, with which its handshake is over.
          $ref: '#/components/schemas/Milliseconds'
        transport_parameters:
          $ref: '#/components/schemas/TransportParameters'
        close:
          $ref: '#/components/schemas/QUICClose'
        address_changes:
          description: Oldest first, at most 8.
          type: array
          maxItems: 8
          items:
            $ref: '#/components/schemas/AddressChange'
    TransportParameters:
      description: The client's transport parameters, by their names in RFC 9000 section 18.2; the server's are encrypted.
      type: object
      required: [disable_active_migration]
      properties:
        max_idle_timeout_ms:
          $ref: '#/components/schemas/Milliseconds'
        max_udp_payload_size:
          type: integer
          minimum: 0
        initial_max_data:
          type: integer
          minimum: 0
        initial_max_streams_bidi:
          type: integer
          minimum: 0
        initial_max_streams_uni:
          type: integer
          minimum: 0
        disable_active_migration:
          type: boolean
    QUICClose:
      description: A CONNECTION_CLOSE frame in an Initial packet; later ones are encrypted.
      type: object
      required: [time, by, error_code, error]
      properties:
        time:
          $ref: '#/components/schemas/Time'
        by:
          description: client or server.
          type: string
        error_code:
          type: integer
          minimum: 0
        error:
          description: The code's name (RFC 9000 section 20.1); of a failed TLS handshake that of its alert.
          type: string
        frame_type:
          description: The type of the frame that caused it.
          type: integer
          minimum: 0
        reason_phrase:
          description: Escaped.
          type: string
    AddressChange:
      description: One side went on at another address or port.
      type: object
      required: [time, party, from, to]
      properties:
        time:
          $ref: '#/components/schemas/Time'
        party:
          description: Who moved, client or server.
          type: string
        from:
          $ref: '#/components/schemas/SocketAddress'
        to:
          $ref: '#/components/schemas/SocketAddress'
    Verdict:
      description: The finding, in plain words.
      type: object
      required: [id, severity, summary, evidence, confidence, next]
      properties:
        id:
          description: Stable, as connect.refused or healthy.
          type: string
        severity:
          $ref: '#/components/schemas/Severity'
        stage:
          $ref: '#/components/schemas/StageName'
        summary:
          description: One sentence.
          type: string
        evidence:
          type: array
          items:
            type: string
        confidence:
          $ref: '#/components/schemas/Confidence'
        next:
          description: "Commands to type; behind `#` stands where, and what to look for in the output."
          type: array
          items:
            type: string
    Severity:
      description: How bad it is.
      type: string
      enum: [none, notice, warning, error]
    Confidence:
      description: How sure the finding is.
      type: string
      enum: [certain, likely, possible]
    Lookup:
      description: One DNS question and what came of it.
      type: object
      required: [record, client, server, protocol, id, name, type, status, truncated, retries, chain, addresses,
        answers, answers_left_out, kind]
      properties:
        record:
          const: lookup
        client:
          $ref: '#/components/schemas/SocketAddress'
        server:
          $ref: '#/components/schemas/SocketAddress'
        protocol:
          $ref: '#/components/schemas/Transport'
        id:
          description: The DNS header's ID.
          type: integer
          minimum: 0
          maximum: 65535
        name:
          type: string
        type:
          type: string
        status:
          $ref: '#/components/schemas/LookupStatus'
        queried:
          $ref: '#/components/schemas/Time'
        answered:
          $ref: '#/components/schemas/Time'
        rtt_ms:
          $ref: '#/components/schemas/Milliseconds'
        rcode:
          type: string
        truncated:
          type: boolean
        retries:
          type: integer
          minimum: 0
        chain:
          description: CNAMEs from the name asked for, in order.
          type: array
          items:
            type: string
        addresses:
          type: array
          items:
            type: string
        answers:
          type: array
          items:
            $ref: '#/components/schemas/Answer'
        answers_left_out:
          description: Beyond what is kept, or not readable.
          type: integer
          minimum: 0
        kind:
          $ref: '#/components/schemas/LookupKind'
        query_flags:
          description: Header bits of the question, as `dig` writes them (`aa`, `tc`, `rd`, `ra`, `ad`, `cd`); absent when it was
            not seen.
          type: array
          items:
            type: string
        flags:
          description: Header bits of the answer; absent when there was none.
          type: array
          items:
            type: string
        sections:
          $ref: '#/components/schemas/Sections'
        query_edns:
          $ref: '#/components/schemas/EDNS'
        edns:
          description: What the answer said by EDNS.
          $ref: '#/components/schemas/EDNS'
        extended_errors:
          description: Why the server answered as it did (RFC 8914); absent when it did not say.
          type: array
          items:
            $ref: '#/components/schemas/ExtendedError'
        searched:
          description: Names that the client's search list made before this one and that led nowhere, in order; inferred.
            Absent when there were none.
          type: array
          items:
            $ref: '#/components/schemas/SearchedName'
        asked_before:
          description: Other servers that were asked the same before this one; absent when there were none.
          type: array
          items:
            $ref: '#/components/schemas/AskedServer'
        pair:
          $ref: '#/components/schemas/LookupPair'
        stub:
          $ref: '#/components/schemas/StubAnswer'
    Answer:
      description: One resource record.
      type: object
      required: [name, type, ttl, data]
      properties:
        name:
          type: string
        type:
          type: string
        ttl:
          description: Seconds.
          type: integer
          minimum: 0
        data:
          description: In presentation form.
          type: string
    SocketAddress:
      description: An address, and a port where the protocol has them.
      type: object
      required: [address]
      properties:
        address:
          type: string
        port:
          type: integer
          minimum: 0
          maximum: 65535
    Lease:
      description: One exchange between a DHCP client and its servers, by which a host got, kept or gave up its address.
      type: object
      required: [record, transaction_id, outcome, vlan_ids, tunnels, routers, dns_servers, search, ntp_servers, routes,
        attempts, offers, first, last, duration_ms, complete]
      properties:
        record:
          const: lease
        transaction_id:
          description: What ties the messages of one exchange together.
          type: integer
          minimum: 0
        outcome:
          description: bound, renewed, informed, refused, declined, released, no_answer, not_completed or pending.
          type: string
        client_mac:
          $ref: '#/components/schemas/MACAddress'
        interface:
          type: string
        vlan_ids:
          type: array
          maxItems: 4
          items:
            type: integer
            minimum: 0
            maximum: 4095
        tunnels:
          type: array
          items:
            $ref: '#/components/schemas/Tunnel'
        hostname:
          description: What the client calls itself.
          type: string
        requested_address:
          description: What the client asked for, or has and wants to keep.
          type: string
        address:
          description: What it was offered, and then given.
          type: string
        server:
          type: string
        relay:
          type: string
        subnet_mask:
          type: string
        routers:
          type: array
          items:
            type: string
        dns_servers:
          type: array
          items:
            type: string
        domain:
          type: string
        search:
          type: array
          items:
            type: string
        ntp_servers:
          type: array
          items:
            type: string
        mtu:
          type: integer
          minimum: 0
        lease_seconds:
          type: integer
          minimum: 0
        renewal_seconds:
          type: integer
          minimum: 0
        rebinding_seconds:
          type: integer
          minimum: 0
        routes:
          description: Classless static routes (RFC 3442).
          type: array
          items:
            $ref: '#/components/schemas/LeaseRoute'
        message:
          description: What the server said when it refused, or the client when it declined.
          type: string
        discover:
          $ref: '#/components/schemas/Time'
        offer:
          $ref: '#/components/schemas/Time'
        request:
          $ref: '#/components/schemas/Time'
        ack:
          $ref: '#/components/schemas/Time'
        nak:
          $ref: '#/components/schemas/Time'
        decline:
          $ref: '#/components/schemas/Time'
        inform:
          $ref: '#/components/schemas/Time'
        release:
          $ref: '#/components/schemas/Time'
        attempts:
          description: DISCOVERs and REQUESTs, retries included.
          type: integer
          minimum: 0
        offers:
          description: OFFERs, of all servers.
          type: integer
          minimum: 0
        first:
          $ref: '#/components/schemas/Time'
        last:
          $ref: '#/components/schemas/Time'
        duration_ms:
          $ref: '#/components/schemas/Milliseconds'
        complete:
          type: boolean
    LeaseRoute:
      description: A route that a lease brought.
      type: object
      required: [destination, gateway]
      properties:
        destination:
          description: With its prefix length, as 10.0.0.0/8.
          type: string
        gateway:
          type: string
    Neighbour:
      description: One address resolution or announcement on a link.
      type: object
      required: [record, protocol, kind, vlan_ids, tunnels, target, requests, replies, macs, first, last, complete]
      properties:
        record:
          const: neighbour
        protocol:
          description: arp or ndp.
          type: string
        kind:
          description: resolution, announcement or probe.
          type: string
        interface:
          type: string
        vlan_ids:
          type: array
          maxItems: 4
          items:
            type: integer
            minimum: 0
            maximum: 4095
        tunnels:
          description: What its messages travelled in, outermost first.
          type: array
          maxItems: 4
          items:
            $ref: '#/components/schemas/Tunnel'
        target:
          type: string
        asker:
          type: string
        asker_mac:
          $ref: '#/components/schemas/MACAddress'
        requests:
          type: integer
          minimum: 0
        replies:
          type: integer
          minimum: 0
        macs:
          description: Every MAC that answered; two claim one address.
          type: array
          items:
            $ref: '#/components/schemas/MACAddress'
        first:
          $ref: '#/components/schemas/Time'
        answered:
          $ref: '#/components/schemas/Time'
        last:
          $ref: '#/components/schemas/Time'
        complete:
          description: Nothing more belongs to it; before that an answer may still come.
          type: boolean
        duration_ms:
          description: To the first answer.
          $ref: '#/components/schemas/Milliseconds'
    ICMPError:
      description: One ICMP or ICMPv6 error message.
      type: object
      required: [time, from, to, type, code, name]
      properties:
        record:
          const: icmp_error
        time:
          $ref: '#/components/schemas/Time'
        from:
          type: string
        to:
          type: string
        type:
          type: integer
          minimum: 0
          maximum: 255
        code:
          type: integer
          minimum: 0
          maximum: 255
        name:
          description: Type and code in words.
          type: string
        mtu:
          type: integer
          minimum: 0
        quoted:
          $ref: '#/components/schemas/Quotation'
        request:
          description: The id of the request that it quotes.
          type: string
    Quotation:
      description: The tuple of the quoted packet.
      type: object
      required: [protocol, source, destination]
      properties:
        protocol:
          description: tcp, udp, icmp, icmpv6 or the IANA number.
          type: string
        source:
          $ref: '#/components/schemas/SocketAddress'
        destination:
          $ref: '#/components/schemas/SocketAddress'
    Summary:
      description: Totals of everything that was read; the last line of `waybill read`.
      type: object
      required: [frames, bytes, cut_frames, other_frames, later_fragments, fragments, unsupported_frames, requests,
        lookups, neighbours, leases, icmp_errors, layers, tables]
      properties:
        record:
          const: summary
        frames:
          type: integer
          minimum: 0
        bytes:
          description: On the wire.
          type: integer
          minimum: 0
        first:
          $ref: '#/components/schemas/Time'
        last:
          $ref: '#/components/schemas/Time'
        cut_frames:
          type: integer
          minimum: 0
        other_frames:
          description: Frames whose protocol is not decoded.
          type: integer
          minimum: 0
        unsupported_frames:
          description: Frames of a file that were passed over; their interface has a link type that is not decoded.
          type: integer
          minimum: 0
        later_fragments:
          description: Fragments after the first.
          type: integer
          minimum: 0
        fragments:
          $ref: '#/components/schemas/FragmentTotals'
        requests:
          description: As many as there are records of requests - several attempts to reach one name count once.
          type: integer
          minimum: 0
        lookups:
          type: integer
          minimum: 0
        neighbours:
          type: integer
          minimum: 0
        leases:
          description: DHCP exchanges.
          type: integer
          minimum: 0
        icmp_errors:
          type: integer
          minimum: 0
        layers:
          type: array
          items:
            $ref: '#/components/schemas/LayerTotals'
        tables:
          type: array
          items:
            $ref: '#/components/schemas/TableTotals'
    FragmentTotals:
      description: What became of the datagrams that came in fragments.
      type: object
      required: [reassembled, overlapping, too_large, too_many_pieces, cut, incomplete]
      properties:
        reassembled:
          description: Put together, and read as if they had come whole.
          type: integer
          minimum: 0
        overlapping:
          description: Refused, because two pieces claim the same bytes and differ.
          type: integer
          minimum: 0
        too_large:
          description: Refused, because a piece reaches beyond 65,535 bytes.
          type: integer
          minimum: 0
        too_many_pieces:
          description: Refused, because they came in more pieces than are kept of one.
          type: integer
          minimum: 0
        cut:
          description: Refused, because the snap length cut a piece.
          type: integer
          minimum: 0
        incomplete:
          description: The rest did not come in time, or not before the capture ended.
          type: integer
          minimum: 0
    LayerTotals:
      description: What became of one layer's headers.
      type: object
      required: [layer, decoded, cut, malformed, reasons]
      properties:
        layer:
          type: string
        decoded:
          type: integer
          minimum: 0
        cut:
          description: Cut by the snap length.
          type: integer
          minimum: 0
        malformed:
          type: integer
          minimum: 0
        reasons:
          type: array
          items:
            $ref: '#/components/schemas/Reason'
    Reason:
      description: Why headers were malformed, and how often.
      type: object
      required: [reason, count]
      properties:
        reason:
          type: string
        count:
          type: integer
          minimum: 0
    TableTotals:
      description: How full a table was, and what it had to drop.
      type: object
      required: [name, count, peak, capacity, evictions]
      properties:
        name:
          type: string
        count:
          type: integer
          minimum: 0
        peak:
          type: integer
          minimum: 0
        capacity:
          type: integer
          minimum: 0
        evictions:
          type: integer
          minimum: 0
    Status:
      description: The daemon's own state.
      type: object
      required: [version, started, uptime_ms, interfaces, limits]
      properties:
        version:
          type: string
        started:
          $ref: '#/components/schemas/Time'
        uptime_ms:
          $ref: '#/components/schemas/Milliseconds'
        observed_until:
          description: Everything before this time has been taken into account.
          $ref: '#/components/schemas/Time'
        interfaces:
          type: array
          items:
            $ref: '#/components/schemas/InterfaceStatus'
        totals:
          description: Since the start, without `record`. Absent where `scope` is `own`.
          $ref: '#/components/schemas/Summary'
        limits:
          description: What cannot be known on this host now.
          type: array
          items:
            $ref: '#/components/schemas/Limit'
        daemon:
          description: What the daemon takes of the host.
          $ref: '#/components/schemas/DaemonProcess'
        history:
          description: What stands on disk. Absent where nothing does, and where `scope` is `own`.
          $ref: '#/components/schemas/HistoryStatus'
        checks:
          description: What answers depend on, and whether it is there; `waybill doctor` shows it.
          type: array
          items:
            $ref: '#/components/schemas/Check'
        scope:
          description: >-
            Whose requests whoever asks may see: `all`, or those that are certainly of its `own` user. Then `interfaces` is
            empty, and everything that belongs to the whole host is refused with 403.
          type: string
          enum: [all, own]
    InterfaceStatus:
      description: One interface. A counter that is not known is absent, not 0.
      type: object
      required: [name, state]
      properties:
        name:
          type: string
        state:
          $ref: '#/components/schemas/InterfaceState'
        reason:
          description: Why it is not capturing.
          type: string
        link_type:
          type: string
        snap_length:
          type: integer
          minimum: 0
        received:
          type: integer
          minimum: 0
        dropped_by_kernel:
          type: integer
          minimum: 0
        dropped_by_interface:
          type: integer
          minimum: 0
        cut:
          type: integer
          minimum: 0
        frames_per_second:
          description: Over the last ten seconds, or since it was opened; absent before there was a second.
          type: integer
          minimum: 0
        bytes_per_second:
          description: As long as the frames were on the wire.
          type: integer
          minimum: 0
        dropped_per_second:
          description: By the kernel and the interface.
          type: integer
          minimum: 0
    DaemonProcess:
      description: What the daemon takes of the host. What it does not know is absent.
      type: object
      required: [pid, cpu_ms]
      properties:
        pid:
          type: integer
          minimum: 1
        cpu_ms:
          description: Processor time since the start, its own and the kernel's for it.
          $ref: '#/components/schemas/Milliseconds'
        cpu_ms_per_second:
          description: Processor time by the second, over the last ten; 10 are one hundredth of a core.
          $ref: '#/components/schemas/Milliseconds'
        resident_bytes:
          description: In memory, what it shares with files included.
          type: integer
          minimum: 0
        peak_resident_bytes:
          type: integer
          minimum: 0
        threads:
          type: integer
          minimum: 0
        open_files:
          type: integer
          minimum: 0
        open_files_limit:
          description: How many it may open.
          type: integer
          minimum: 0
    HistoryStatus:
      description: The history on disk.
      type: object
      required: [directory, state, bytes, limit_bytes, keep_days, requests, lookups, neighbours, leases, icmp_errors, waiting, written, lost, lost_unanswered, dropped_for_size, dropped_for_age, set_aside]
      properties:
        directory:
          type: string
        state:
          description: >-
            `writing` when all is well; `reading` when what was recorded can be read and nothing is added; `unavailable` when
            nothing on disk can be used. What is seen is kept in memory in any case.
          type: string
          enum: [writing, reading, unavailable]
        trouble:
          description: Why nothing is written, in one sentence.
          type: string
        bytes:
          description: Of the file.
          type: integer
          minimum: 0
        limit_bytes:
          description: What it may grow to, with its log.
          type: integer
          minimum: 0
        keep_days:
          type: integer
          minimum: 0
        oldest:
          description: When the oldest record ended.
          $ref: '#/components/schemas/Time'
        requests:
          type: integer
          minimum: 0
        lookups:
          type: integer
          minimum: 0
        neighbours:
          type: integer
          minimum: 0
        leases:
          type: integer
          minimum: 0
        icmp_errors:
          type: integer
          minimum: 0
        waiting:
          description: Records that wait to be written.
          type: integer
          minimum: 0
        written:
          description: Since the daemon started, as all that follows.
          type: integer
          minimum: 0
        lost:
          description: Records that never came to disk, for want of room in the queue before it.
          type: integer
          minimum: 0
        lost_unanswered:
          description: How many of those were requests that nobody answered, which go first.
          type: integer
          minimum: 0
        dropped_for_size:
          description: Dropped from disk, the oldest first.
          type: integer
          minimum: 0
        dropped_for_age:
          type: integer
          minimum: 0
        set_aside:
          description: Damaged files, under the names that they have now.
          type: array
          items:
            type: string
    InterfaceState:
      description: What is done with an interface.
      type: string
      enum: [capturing, down, gone, failed]
    Limit:
      description: Something that is not known here.
      type: object
      required: [what, why]
      properties:
        what:
          type: string
        why:
          type: string
    Check:
      description: Something that answers depend on, and whether it is there.
      type: object
      required: [name, state, finding]
      properties:
        name:
          description: >-
            `capture`, `drops` and `delay`; `privileges` and `configuration`; a capability (`cap_net_raw`, `cap_perfmon`, …); a source: `tracepoints`,
            `sockets`, `routes`, `rules`, `conntrack`, `conntrack_room`, `conntrack_events`, `conntrack_timestamps`.
          type: string
        state:
          $ref: '#/components/schemas/CheckState'
        finding:
          description: What was found, in one sentence.
          type: string
        lost:
          description: Which answers are lost, or less than they could be.
          type: string
        fix:
          description: A command that helps, as a shell takes it.
          type: string
    CheckState:
      description: >-
        `limited`: answers are there, fewer or less exact than they could be. `unknown`: it could not be looked at.
      type: string
      enum: [ok, limited, lost, unknown]
    Problem:
      description: Why a call was not answered (RFC 9457).
      type: object
      required: [type, title, status, detail]
      properties:
        type:
          type: string
        title:
          type: string
        status:
          type: integer
          minimum: 0
        detail:
          description: What went wrong and what to do.
          type: string
        instance:
          type: string
        parameter:
          description: The query parameter at fault.
          type: string
        allowed:
          description: What it may be.
          type: array
          items:
            type: string
        offset:
          description: Where in `where` the mistake is, in Unicode code points from its start; of that parameter only.
          type: integer
          minimum: 0

"""#

    /// JSON Schemas (draft 2020-12) by the last part of their path.
    static func schema(_ name: String) -> String? {
        switch name {
        case "request.json": schemaRequest
        case "lookup.json": schemaLookup
        case "neighbour.json": schemaNeighbour
        case "lease.json": schemaLease
        case "icmp_error.json": schemaIcmpError
        case "summary.json": schemaSummary
        case "translation.json": schemaTranslation
        case "status.json": schemaStatus
        case "problem.json": schemaProblem
        default: nil
        }
    }

    static let names = [
        "request",
        "lookup",
        "neighbour",
        "lease",
        "icmp_error",
        "summary",
        "translation",
        "status",
        "problem",
    ]

    private static let schemaRequest = #"""
{
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "$id": "/v1/schemas/request.json",
 "title": "Request",
 "description": "One request and all that is known of it.",
 "type": "object",
 "required": [
  "record",
  "id",
  "protocol",
  "direction",
  "vlan_ids",
  "tunnels",
  "client",
  "server",
  "first",
  "last",
  "duration_ms",
  "stages",
  "outcome",
  "lookups",
  "icmp_errors",
  "icmp_error_count",
  "complete",
  "coverage"
 ],
 "properties": {
  "record": {
   "const": "request"
  },
  "id": {
   "description": "Twelve characters, the same for the same frames live and from a file.",
   "type": "string"
  },
  "community_id": {
   "description": "Community ID v1.",
   "type": "string"
  },
  "protocol": {
   "$ref": "#/$defs/Transport"
  },
  "direction": {
   "$ref": "#/$defs/Direction"
  },
  "interface": {
   "description": "The interface of the first packet.",
   "type": "string"
  },
  "vlan_ids": {
   "description": "Outermost first; empty when the frames carried no tag.",
   "type": "array",
   "maxItems": 4,
   "items": {
    "type": "integer",
    "minimum": 0,
    "maximum": 4095
   }
  },
  "tunnels": {
   "description": "What its packets travelled in, outermost first; empty when in nothing. The addresses of the request are those of the innermost packet. At most four; what is in more is not read.",
   "type": "array",
   "maxItems": 4,
   "items": {
    "$ref": "#/$defs/Tunnel"
   }
  },
  "client": {
   "description": "The side that sent the first SYN, or the first packet.",
   "$ref": "#/$defs/RequestSide"
  },
  "server": {
   "$ref": "#/$defs/RequestSide"
  },
  "first": {
   "$ref": "#/$defs/Time"
  },
  "last": {
   "$ref": "#/$defs/Time"
  },
  "duration_ms": {
   "$ref": "#/$defs/Milliseconds"
  },
  "state": {
   "description": "TCP only.",
   "$ref": "#/$defs/TCPState"
  },
  "conn_state": {
   "description": "How far it came and how it ended, in the codes of Zeek's conn.log: S0, S1, SF, S2, S3, REJ, RSTO, RSTR, RSTOS0,\nRSTRH, SH, SHR or OTH.",
   "type": "string"
  },
  "history": {
   "description": "What happened in which order, in the letters of Zeek's conn.log, upper case for the client; at most 24. TCP and\nUDP only.",
   "type": "string"
  },
  "port_reused": {
   "description": "There, and true, when its ports were another connection's until its SYN.",
   "type": "boolean"
  },
  "handshake_rtt_ms": {
   "$ref": "#/$defs/Milliseconds"
  },
  "server_rtt_ms": {
   "description": "From the SYN to the SYN-ACK.",
   "$ref": "#/$defs/Milliseconds"
  },
  "client_rtt_ms": {
   "description": "From the SYN-ACK to the ACK.",
   "$ref": "#/$defs/Milliseconds"
  },
  "closed_first": {
   "description": "Who sent FIN or RST first, client or server.",
   "type": "string"
  },
  "identifier": {
   "description": "ICMP echo only.",
   "type": "integer",
   "minimum": 0,
   "maximum": 65535
  },
  "application": {
   "description": "dns, mdns, llmnr, nbns, tls, quic, http, http2 (without TLS), dhcp, vxlan, geneve or echo, recognised by content.",
   "type": "string"
  },
  "quic": {
   "$ref": "#/$defs/QUICConnection"
  },
  "http": {
   "description": "HTTP/1 only.",
   "$ref": "#/$defs/HTTP"
  },
  "stages": {
   "description": "All ten, in the order of the waterfall.",
   "type": "array",
   "items": {
    "$ref": "#/$defs/Stage"
   }
  },
  "outcome": {
   "$ref": "#/$defs/Outcome"
  },
  "failure": {
   "description": "The first stage that failed.",
   "$ref": "#/$defs/Failure"
  },
  "next_hop": {
   "$ref": "#/$defs/NextHop"
  },
  "answered_from": {
   "$ref": "#/$defs/ElsewhereAnswer"
  },
  "listener": {
   "$ref": "#/$defs/ServingListener"
  },
  "answer_ttl": {
   "description": "TTL or hop limit of the server's first packet as it arrived.",
   "type": "integer",
   "minimum": 0,
   "maximum": 255
  },
  "suggested_hops": {
   "description": "Hops to the server, if it began with a TTL of 64, 128 or 255.",
   "type": "integer",
   "minimum": 0
  },
  "tls": {
   "description": "The TLS handshake, as far as it can be read.",
   "$ref": "#/$defs/TLS"
  },
  "lookups": {
   "description": "The lookups that this request itself carried, when it is a DNS exchange.",
   "type": "array",
   "items": {
    "$ref": "#/$defs/NameLookup"
   }
  },
  "encrypted_lookup": {
   "$ref": "#/$defs/EncryptedLookup"
  },
  "attempts": {
   "description": "A name with several addresses is tried by one after the other, or by several at once (RFC 8305); all of these connections are one request, which the one that won stands for, or the last when none did. Inferred from the client, the name that its own lookup gave the addresses for, the port, and each attempt having begun while an earlier one was unanswered, or within a second of its failure. In the order in which they began, this one among them; absent when there was one. Attempts by QUIC are requests of their own. At most 8.",
   "type": "array",
   "items": {
    "$ref": "#/$defs/ConnectAttempt"
   }
  },
  "attempt_of": {
   "description": "Only in streams, of a request that was told as one by itself before - the id of the request that it turned out to be an attempt of. It will not be told again.",
   "type": "string"
  },
  "translation": {
   "description": "What NAT made of it; absent when nothing is known of a rewrite.",
   "$ref": "#/$defs/Translation"
  },
  "legs": {
   "description": "The places where its packets were seen, in the order of its way to the server, the one where they are counted among them; absent when there was one. At most eight. A packet is counted once, wherever else it passed.",
   "type": "array",
   "items": {
    "$ref": "#/$defs/Leg"
   }
  },
  "icmp_errors": {
   "description": "Errors that quote this request, without `record`; the oldest ones when there were more.",
   "type": "array",
   "items": {
    "$ref": "#/$defs/ICMPError"
   }
  },
  "icmp_error_count": {
   "type": "integer",
   "minimum": 0
  },
  "matched": {
   "description": "How `waybill run` knows the request to be its command's; the daemon never writes it.",
   "type": "string",
   "enum": [
    "process",
    "port",
    "time"
   ]
  },
  "complete": {
   "description": "No more will be learnt of it.",
   "type": "boolean"
  },
  "ended_because": {
   "description": "closed, idle, evicted, capture_ended or port_reused.",
   "type": "string"
  },
  "coverage": {
   "$ref": "#/$defs/Coverage"
  },
  "verdict": {
   "$ref": "#/$defs/Verdict"
  }
 },
 "$defs": {
  "AddressChange": {
   "description": "One side went on at another address or port.",
   "type": "object",
   "required": [
    "time",
    "party",
    "from",
    "to"
   ],
   "properties": {
    "time": {
     "$ref": "#/$defs/Time"
    },
    "party": {
     "description": "Who moved, client or server.",
     "type": "string"
    },
    "from": {
     "$ref": "#/$defs/SocketAddress"
    },
    "to": {
     "$ref": "#/$defs/SocketAddress"
    }
   }
  },
  "AskedServer": {
   "description": "A server that was asked the same question before; `pending` when it had not answered by then.",
   "type": "object",
   "required": [
    "server",
    "status",
    "queried"
   ],
   "properties": {
    "server": {
     "description": "Address and port.",
     "type": "string"
    },
    "status": {
     "$ref": "#/$defs/LookupStatus"
    },
    "rcode": {
     "type": "string"
    },
    "queried": {
     "$ref": "#/$defs/Time"
    }
   }
  },
  "Certificate": {
   "description": "What an X.509 certificate says of itself (RFC 5280). What could not be read is absent.",
   "type": "object",
   "required": [
    "names",
    "names_left_out",
    "sha256"
   ],
   "properties": {
    "subject": {
     "description": "As RFC 4514 writes it, CN=www.example.org,O=Example.",
     "type": "string"
    },
    "names": {
     "description": "DNS names and addresses that it is for; at most 32.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "names_left_out": {
     "type": "integer",
     "minimum": 0
    },
    "issuer": {
     "type": "string"
    },
    "serial": {
     "description": "Hexadecimal digits.",
     "type": "string"
    },
    "not_before": {
     "description": "RFC 3339 in whole seconds, in years up to 9999.",
     "type": "string",
     "format": "date-time"
    },
    "not_after": {
     "type": "string",
     "format": "date-time"
    },
    "key_type": {
     "description": "rsa, ec, ed25519, or the algorithm's object identifier.",
     "type": "string"
    },
    "key_bits": {
     "type": "integer",
     "minimum": 0
    },
    "key_curve": {
     "description": "secp256r1",
     "type": "string"
    },
    "signature_algorithm": {
     "description": "sha256WithRSAEncryption",
     "type": "string"
    },
    "sha256": {
     "description": "SHA-256 of the whole certificate.",
     "type": "string"
    },
    "self_signed": {
     "description": "Subject and issuer are the same, and so are their key identifiers. The signature is not checked.",
     "type": "boolean"
    },
    "expired": {
     "description": "When it was seen.",
     "type": "boolean"
    },
    "not_yet_valid": {
     "description": "When it was seen.",
     "type": "boolean"
    },
    "name_matches": {
     "description": "Whether it is for the host that was asked for; of the server's own certificate alone.",
     "type": "boolean"
    }
   }
  },
  "Confidence": {
   "description": "How sure the finding is.",
   "type": "string",
   "enum": [
    "certain",
    "likely",
    "possible"
   ]
  },
  "ConnectAttempt": {
   "description": "One try to reach the name of a request by one of its addresses.",
   "type": "object",
   "required": [
    "client",
    "server",
    "started",
    "outcome"
   ],
   "properties": {
    "client": {
     "$ref": "#/$defs/SocketAddress"
    },
    "server": {
     "$ref": "#/$defs/SocketAddress"
    },
    "started": {
     "$ref": "#/$defs/Time"
    },
    "outcome": {
     "description": "`won`: the client went on with it; `failed`: for the reason beside it; `abandoned`: unanswered when another one was taken; `lost`: answered too, and not used; `pending`: undecided when last seen.",
     "enum": [
      "won",
      "failed",
      "abandoned",
      "lost",
      "pending"
     ]
    },
    "reason": {
     "description": "The word that a failed connect stage has.",
     "type": "string"
    },
    "duration_ms": {
     "description": "From its first SYN to what decided it.",
     "$ref": "#/$defs/Milliseconds"
    },
    "interface": {
     "type": "string"
    }
   }
  },
  "Coverage": {
   "description": "What the observer could not see.",
   "type": "object",
   "required": [
    "cut_frames",
    "joined_midstream",
    "untracked_holes",
    "copies_elsewhere",
    "reassembled"
   ],
   "properties": {
    "cut_frames": {
     "description": "Frames that the snap length cut.",
     "type": "integer",
     "minimum": 0
    },
    "joined_midstream": {
     "description": "It began before it was seen. What is told of HTTP, TLS and DNS is what could be read from a certain beginning on;\nexchanges are numbered from there.",
     "type": "boolean"
    },
    "untracked_holes": {
     "type": "integer",
     "minimum": 0
    },
    "copies_elsewhere": {
     "description": "Copies of its packets on other interfaces, not counted again.",
     "type": "integer",
     "minimum": 0
    },
    "reassembled": {
     "description": "Its datagrams that came in fragments and were put together.",
     "type": "integer",
     "minimum": 0
    },
    "analysis_skipped": {
     "description": "There, and true, when there was no room to count which segments stand out: those counts and history are absent.",
     "type": "boolean"
    },
    "translations_missed": {
     "description": "There, and true, when the kernel's news of translations were lost while it was open: one of its own may be unknown.",
     "type": "boolean"
    }
   }
  },
  "Direction": {
   "description": "Seen from the observing host. In a file every initiator counts, as `outbound`.",
   "type": "string",
   "enum": [
    "outbound",
    "inbound",
    "forwarded",
    "local"
   ]
  },
  "ElsewhereAnswer": {
   "description": "Another address or port than the request was sent to answered its SYN.",
   "type": "object",
   "required": [
    "address",
    "port",
    "time"
   ],
   "properties": {
    "address": {
     "type": "string"
    },
    "port": {
     "type": "integer",
     "minimum": 0,
     "maximum": 65535
    },
    "mac": {
     "description": "Source MAC of the answer: the station itself, or the hop before the observer.",
     "$ref": "#/$defs/MACAddress"
    },
    "time": {
     "$ref": "#/$defs/Time"
    }
   }
  },
  "EncryptedLookup": {
   "description": "That the request likely asks for names inside encryption - DNS over TLS, HTTPS or QUIC. Inferred from the port 853, the ALPN `dot` or `doq`, or at port 443 from the name or, when no name is known, the address of one of the large public resolvers; HTTP/2 and HTTP/3 alone say nothing.",
   "type": "object",
   "required": [
    "kind",
    "confidence",
    "because"
   ],
   "properties": {
    "kind": {
     "enum": [
      "dot",
      "doh",
      "doq"
     ]
    },
    "confidence": {
     "enum": [
      "likely"
     ]
    },
    "because": {
     "description": "What it is concluded from: `server name dns.google`.",
     "type": "string"
    }
   }
  },
  "ExtendedError": {
   "description": "An extended DNS error (RFC 8914).",
   "type": "object",
   "required": [
    "code",
    "name"
   ],
   "properties": {
    "code": {
     "type": "integer"
    },
    "name": {
     "description": "The registered purpose of the code; `EDE65535` where there is none.",
     "type": "string"
    },
    "text": {
     "description": "What the server added, printable.",
     "type": "string"
    }
   }
  },
  "Facts": {
   "description": "Named values, written in the order of the names below; more may come. Those whose names end in `_ms` are spans in milliseconds.",
   "type": "object",
   "propertyNames": {
    "examples": [
     "process",
     "pid",
     "process_age_ms",
     "executable",
     "command_line",
     "user",
     "unit",
     "container",
     "container_runtime",
     "parents",
     "control_group",
     "network_namespace",
     "found_by",
     "not_known",
     "name",
     "how",
     "type",
     "types",
     "rcode",
     "chain",
     "addresses",
     "server",
     "from_cache",
     "upstream",
     "upstream_ms",
     "lookup_kind",
     "searched",
     "asked_before",
     "pair",
     "pair_ms",
     "extended_errors",
     "interface",
     "vlan_ids",
     "next_hop",
     "mac",
     "other_mac",
     "age_ms",
     "ttl",
     "retries",
     "requests",
     "awaited",
     "gateway",
     "out_interface",
     "preferred_source",
     "route_type",
     "route",
     "table",
     "route_protocol",
     "metric",
     "mtu",
     "next_hops",
     "neighbour_state",
     "earlier_mac",
     "source_port",
     "ports_in_use",
     "ports_in_time_wait",
     "port_range",
     "ports",
     "exhausted_in_ms",
     "port_reused",
     "remembered_by_server",
     "source_nat",
     "destination_nat",
     "known_by",
     "rule",
     "source_belongs_to",
     "insert_failed",
     "packets_refused",
     "tracked",
     "track_limit",
     "lasted_ms",
     "unclaimed_answer",
     "unclaimed_after_ms",
     "turned_away_with",
     "attempts",
     "attempts_ms",
     "error",
     "from",
     "handshake_rtt_ms",
     "server_rtt_ms",
     "client_rtt_ms",
     "syn_count",
     "syn_ack_count",
     "client_mss",
     "server_mss",
     "client_window_scale",
     "server_window_scale",
     "sack",
     "timestamps",
     "fast_open",
     "multipath",
     "quic_version",
     "first_version",
     "versions_offered",
     "retry",
     "server_name",
     "version",
     "cipher_suite",
     "alpn",
     "application_protocol",
     "resumed",
     "early_data",
     "ech",
     "certificate_subject",
     "certificate_expires",
     "certificate_expired",
     "certificate_not_yet_valid",
     "certificate_for_another_name",
     "certificate_self_signed",
     "ja4",
     "alert",
     "alert_from",
     "reason_phrase",
     "encrypted",
     "protocol",
     "method",
     "host",
     "path",
     "http_status",
     "exchanges",
     "failed_exchanges",
     "upgrade",
     "tunnel_to",
     "unread",
     "moved_to",
     "echo_requests",
     "echo_replies",
     "by",
     "order",
     "client_bytes",
     "server_bytes",
     "client_segments",
     "server_segments",
     "retransmitted_segments",
     "duplicate_acks",
     "lost_segments",
     "window_full",
     "zero_windows",
     "keep_alives",
     "missing_bytes"
    ]
   },
   "additionalProperties": {
    "oneOf": [
     {
      "type": "string"
     },
     {
      "type": "number"
     },
     {
      "type": "boolean"
     },
     {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    ]
   }
  },
  "Failure": {
   "description": "Where a request failed, and why.",
   "type": "object",
   "required": [
    "stage",
    "reason"
   ],
   "properties": {
    "stage": {
     "$ref": "#/$defs/StageName"
    },
    "reason": {
     "type": "string"
    }
   }
  },
  "HTTP": {
   "description": "The exchanges of an HTTP/1 connection (RFC 9112). Queries, cookies, credentials and bodies are never kept.",
   "type": "object",
   "required": [
    "exchanges",
    "exchange_count",
    "failed_count",
    "left_out"
   ],
   "properties": {
    "exchanges": {
     "description": "In order; the first and the last ones when there are many, of the last rather those that failed.",
     "type": "array",
     "maxItems": 32,
     "items": {
      "$ref": "#/$defs/HTTPExchange"
     }
    },
    "exchange_count": {
     "description": "Of the whole connection.",
     "type": "integer",
     "minimum": 0
    },
    "failed_count": {
     "description": "Those with a status of 400 or above, or cut short.",
     "type": "integer",
     "minimum": 0
    },
    "left_out": {
     "description": "Exchanges that are not listed.",
     "type": "integer",
     "minimum": 0
    },
    "tunnel_to": {
     "description": "The target of a CONNECT that the proxy granted; what the connection carries then goes to it.",
     "type": "string"
    },
    "upgrade": {
     "description": "The protocol that the connection changed to (status 101).",
     "type": "string"
    },
    "unread": {
     "description": "Why later exchanges, if there were any, are not known, which is lost, malformed or too_long.",
     "type": "string"
    }
   }
  },
  "HTTPExchange": {
   "description": "One request on an HTTP/1 connection and its response.",
   "type": "object",
   "required": [
    "number",
    "interim",
    "request_body_bytes",
    "request_chunked",
    "response_body_bytes",
    "response_chunked",
    "missing_body_bytes"
   ],
   "properties": {
    "number": {
     "description": "Its place on the connection, from 1.",
     "type": "integer",
     "minimum": 1
    },
    "method": {
     "description": "Absent for a response that nobody asked for.",
     "type": "string"
    },
    "host": {
     "description": "Of the Host field or the target, without its port.",
     "type": "string"
    },
    "path": {
     "description": "Escaped, without the query.",
     "type": "string"
    },
    "version": {
     "description": "Of the request, such as 1.1.",
     "type": "string"
    },
    "status": {
     "type": "integer",
     "minimum": 100,
     "maximum": 599
    },
    "response_version": {
     "description": "Of the response.",
     "type": "string"
    },
    "interim": {
     "description": "Responses before the final one, such as 100 and 103; the first four.",
     "type": "array",
     "maxItems": 4,
     "items": {
      "$ref": "#/$defs/InterimResponse"
     }
    },
    "requested": {
     "description": "First byte of the request.",
     "$ref": "#/$defs/Time"
    },
    "request_ended": {
     "description": "Last byte of the request, its body included.",
     "$ref": "#/$defs/Time"
    },
    "responded": {
     "description": "First byte of the final response.",
     "$ref": "#/$defs/Time"
    },
    "response_ended": {
     "description": "Last byte of the response, its body included.",
     "$ref": "#/$defs/Time"
    },
    "request_content_length": {
     "description": "As declared.",
     "type": "integer",
     "minimum": 0
    },
    "request_body_bytes": {
     "description": "Bytes of the content, without chunk sizes and trailers.",
     "type": "integer",
     "minimum": 0
    },
    "request_chunked": {
     "type": "boolean"
    },
    "content_length": {
     "description": "As declared by the response, also where no body follows (HEAD, 304).",
     "type": "integer",
     "minimum": 0
    },
    "response_body_bytes": {
     "description": "Bytes of the content, without chunk sizes and trailers.",
     "type": "integer",
     "minimum": 0
    },
    "response_chunked": {
     "type": "boolean"
    },
    "missing_body_bytes": {
     "description": "Bytes of both bodies that were not captured.",
     "type": "integer",
     "minimum": 0
    },
    "content_type": {
     "description": "Without parameters.",
     "type": "string"
    },
    "server": {
     "description": "What the server calls itself.",
     "type": "string"
    },
    "upgrade": {
     "description": "The protocol that the exchange changed the connection to.",
     "type": "string"
    },
    "interrupted": {
     "description": "Who ended the connection before the response was there in full, closed_by_server, reset_by_server, closed_by_client or reset_by_client.",
     "type": "string"
    }
   }
  },
  "ICMPError": {
   "description": "One ICMP or ICMPv6 error message.",
   "type": "object",
   "required": [
    "time",
    "from",
    "to",
    "type",
    "code",
    "name"
   ],
   "properties": {
    "record": {
     "const": "icmp_error"
    },
    "time": {
     "$ref": "#/$defs/Time"
    },
    "from": {
     "type": "string"
    },
    "to": {
     "type": "string"
    },
    "type": {
     "type": "integer",
     "minimum": 0,
     "maximum": 255
    },
    "code": {
     "type": "integer",
     "minimum": 0,
     "maximum": 255
    },
    "name": {
     "description": "Type and code in words.",
     "type": "string"
    },
    "mtu": {
     "type": "integer",
     "minimum": 0
    },
    "quoted": {
     "$ref": "#/$defs/Quotation"
    },
    "request": {
     "description": "The id of the request that it quotes.",
     "type": "string"
    }
   }
  },
  "InterimResponse": {
   "description": "A response before the final one.",
   "type": "object",
   "required": [
    "status",
    "time"
   ],
   "properties": {
    "status": {
     "type": "integer",
     "minimum": 100,
     "maximum": 199
    },
    "time": {
     "$ref": "#/$defs/Time"
    }
   }
  },
  "Leg": {
   "description": "One place where a request's packets were seen.",
   "type": "object",
   "required": [
    "tuple",
    "tunnels",
    "known_by"
   ],
   "properties": {
    "interface": {
     "type": "string"
    },
    "tuple": {
     "description": "From client to server, as it is written there.",
     "$ref": "#/$defs/TranslationTuple"
    },
    "tunnels": {
     "description": "What its packets travelled in there, outermost first.",
     "type": "array",
     "items": {
      "$ref": "#/$defs/Tunnel"
     }
    },
    "first": {
     "description": "The first packet to the server.",
     "$ref": "#/$defs/Time"
    },
    "first_answer": {
     "description": "The first packet back.",
     "$ref": "#/$defs/Time"
    },
    "delay_ms": {
     "description": "From the leg before it to this one, on the way to the server.",
     "$ref": "#/$defs/Milliseconds"
    },
    "answer_delay_ms": {
     "description": "From the leg before it, on the way back, to this one.",
     "$ref": "#/$defs/Milliseconds"
    },
    "known_by": {
     "description": "tuple - it has the request's own. Else how it is known to be the same request - conntrack or segment.",
     "enum": [
      "tuple",
      "conntrack",
      "segment"
     ]
    }
   }
  },
  "LookupKind": {
   "description": "By which protocol a name was asked for. In all but `dns` the question usually goes to a group, and an answer comes only from who has the name - silence is no failure.",
   "enum": [
    "dns",
    "mdns",
    "llmnr",
    "nbns"
   ]
  },
  "LookupPair": {
   "description": "The question for the other IP version (A and AAAA) that the client asked together with this one. Of a lookup, as it stood at its own answer; of a request's name, as it is known now.",
   "type": "object",
   "required": [
    "type",
    "status"
   ],
   "properties": {
    "type": {
     "type": "string"
    },
    "status": {
     "$ref": "#/$defs/LookupStatus"
    },
    "rcode": {
     "type": "string"
    },
    "rtt_ms": {
     "$ref": "#/$defs/Milliseconds"
    }
   }
  },
  "LookupStatus": {
   "description": "How a lookup ended.",
   "type": "string",
   "enum": [
    "pending",
    "answered",
    "no_data",
    "failed",
    "no_answer"
   ]
  },
  "MACAddress": {
   "type": "string",
   "pattern": "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$"
  },
  "Milliseconds": {
   "description": "A span in milliseconds, with three decimals.",
   "type": "number",
   "examples": [
    12.345
   ]
  },
  "Name": {
   "description": "A name of an address, and how the two were joined.",
   "type": "object",
   "required": [
    "name",
    "how"
   ],
   "properties": {
    "name": {
     "type": "string"
    },
    "how": {
     "description": "answer, most_recent_answer (the last of several that gave this address), host_answer, same_station_answer (a client of the same hardware address asked), expired_answer (older than its TTL: it names nothing), sni or http_host.",
     "type": "string"
    },
    "lookup": {
     "$ref": "#/$defs/NameLookup"
    }
   }
  },
  "NameLookup": {
   "description": "A lookup as a request remembers it.",
   "type": "object",
   "required": [
    "name",
    "type",
    "server",
    "status",
    "retries",
    "chain",
    "addresses",
    "kind"
   ],
   "properties": {
    "name": {
     "type": "string"
    },
    "type": {
     "type": "string"
    },
    "server": {
     "description": "Address and port.",
     "type": "string"
    },
    "status": {
     "$ref": "#/$defs/LookupStatus"
    },
    "queried": {
     "$ref": "#/$defs/Time"
    },
    "answered": {
     "$ref": "#/$defs/Time"
    },
    "rtt_ms": {
     "$ref": "#/$defs/Milliseconds"
    },
    "retries": {
     "type": "integer",
     "minimum": 0
    },
    "rcode": {
     "type": "string"
    },
    "chain": {
     "description": "CNAMEs from the name asked for, in order.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "addresses": {
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "ttl": {
     "description": "Seconds.",
     "type": "integer",
     "minimum": 0
    },
    "kind": {
     "$ref": "#/$defs/LookupKind"
    },
    "extended_errors": {
     "description": "Why the server answered as it did (RFC 8914); absent when it did not say.",
     "type": "array",
     "items": {
      "$ref": "#/$defs/ExtendedError"
     }
    },
    "searched": {
     "description": "Names that the client's search list made before this one and that led nowhere, in order; inferred. Absent when there were none.",
     "type": "array",
     "items": {
      "$ref": "#/$defs/SearchedName"
     }
    },
    "asked_before": {
     "description": "Other servers that were asked the same before this one; absent when there were none.",
     "type": "array",
     "items": {
      "$ref": "#/$defs/AskedServer"
     }
    },
    "pair": {
     "$ref": "#/$defs/LookupPair"
    },
    "stub": {
     "$ref": "#/$defs/StubAnswer"
    }
   }
  },
  "NextHop": {
   "description": "The station that the client's frames were sent to.",
   "type": "object",
   "properties": {
    "address": {
     "type": "string"
    },
    "mac": {
     "$ref": "#/$defs/MACAddress"
    }
   }
  },
  "Outcome": {
   "description": "`unknown` is over, and too little of it was seen.",
   "type": "string",
   "enum": [
    "ok",
    "failed",
    "pending",
    "unknown"
   ]
  },
  "QUICClose": {
   "description": "A CONNECTION_CLOSE frame in an Initial packet; later ones are encrypted.",
   "type": "object",
   "required": [
    "time",
    "by",
    "error_code",
    "error"
   ],
   "properties": {
    "time": {
     "$ref": "#/$defs/Time"
    },
    "by": {
     "description": "client or server.",
     "type": "string"
    },
    "error_code": {
     "type": "integer",
     "minimum": 0
    },
    "error": {
     "description": "The code's name (RFC 9000 section 20.1); of a failed TLS handshake that of its alert.",
     "type": "string"
    },
    "frame_type": {
     "description": "The type of the frame that caused it.",
     "type": "integer",
     "minimum": 0
    },
    "reason_phrase": {
     "description": "Escaped.",
     "type": "string"
    }
   }
  },
  "QUICConnection": {
   "description": "What was read of a QUIC connection, from its headers and from the Initial packets, whose keys are public.",
   "type": "object",
   "required": [
    "version",
    "versions_offered",
    "version_negotiation",
    "retry",
    "zero_rtt_packets",
    "unread_initials",
    "address_changes"
   ],
   "properties": {
    "version": {
     "description": "The version in use, 1, 2, draft-29 and the like, or eight hexadecimal digits behind 0x.",
     "type": "string"
    },
    "first_version": {
     "description": "The version of the client's first packet, when another one came to be used.",
     "type": "string"
    },
    "versions_offered": {
     "description": "What the server offered in a Version Negotiation packet; empty without one.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "version_negotiation": {
     "type": "boolean"
    },
    "retry": {
     "description": "The server had the client prove its address first.",
     "type": "boolean"
    },
    "client_connection_id": {
     "description": "In hexadecimal; empty when it has no bytes.",
     "type": "string"
    },
    "server_connection_id": {
     "description": "In hexadecimal; empty when it has no bytes.",
     "type": "string"
    },
    "original_destination_connection_id": {
     "description": "What the client called the server in its first packet.",
     "type": "string"
    },
    "zero_rtt_packets": {
     "type": "integer",
     "minimum": 0
    },
    "unread_initials": {
     "description": "Initial packets that could not be decrypted, or were not for want of room.",
     "type": "integer",
     "minimum": 0
    },
    "rtt_ms": {
     "description": "From a client's Initial packet to the server's that acknowledges it.",
     "$ref": "#/$defs/Milliseconds"
    },
    "handshake_ms": {
     "description": "From the client's first packet to its first 1-RTT packet, with which its handshake is over.",
     "$ref": "#/$defs/Milliseconds"
    },
    "transport_parameters": {
     "$ref": "#/$defs/TransportParameters"
    },
    "close": {
     "$ref": "#/$defs/QUICClose"
    },
    "address_changes": {
     "description": "Oldest first, at most 8.",
     "type": "array",
     "maxItems": 8,
     "items": {
      "$ref": "#/$defs/AddressChange"
     }
    }
   }
  },
  "Quotation": {
   "description": "The tuple of the quoted packet.",
   "type": "object",
   "required": [
    "protocol",
    "source",
    "destination"
   ],
   "properties": {
    "protocol": {
     "description": "tcp, udp, icmp, icmpv6 or the IANA number.",
     "type": "string"
    },
    "source": {
     "$ref": "#/$defs/SocketAddress"
    },
    "destination": {
     "$ref": "#/$defs/SocketAddress"
    }
   }
  },
  "RequestSide": {
   "description": "The client or the server. Counts are by the headers' own lengths.",
   "type": "object",
   "required": [
    "address",
    "names",
    "segments",
    "payload_bytes"
   ],
   "properties": {
    "address": {
     "type": "string"
    },
    "port": {
     "description": "TCP and UDP only.",
     "type": "integer",
     "minimum": 0,
     "maximum": 65535
    },
    "names": {
     "description": "Names that the address is known by, best first.",
     "type": "array",
     "items": {
      "$ref": "#/$defs/Name"
     }
    },
    "mac": {
     "description": "Source MAC of this side's first frame.",
     "$ref": "#/$defs/MACAddress"
    },
    "segments": {
     "description": "TCP segments, UDP datagrams (a fragmented one once) or ICMP messages.",
     "type": "integer",
     "minimum": 0
    },
    "payload_bytes": {
     "type": "integer",
     "minimum": 0
    },
    "ttl": {
     "type": "integer",
     "minimum": 0,
     "maximum": 255
    },
    "first_payload": {
     "$ref": "#/$defs/Time"
    },
    "last_payload": {
     "$ref": "#/$defs/Time"
    },
    "sequence_bytes": {
     "description": "TCP payload of distinct sequence space; retransmissions count once.",
     "type": "integer",
     "minimum": 0
    },
    "retransmitted_segments": {
     "type": "integer",
     "minimum": 0
    },
    "out_of_order_segments": {
     "type": "integer",
     "minimum": 0
    },
    "zero_windows": {
     "type": "integer",
     "minimum": 0
    },
    "missing_bytes": {
     "description": "Bytes of sequence space skipped over and never seen.",
     "type": "integer",
     "minimum": 0
    },
    "unacknowledged": {
     "description": "Sequence numbers sent last that the other side has not acknowledged, a FIN's too; absent while there is none, and where that cannot be told, as after its RST.",
     "type": "integer",
     "minimum": 0
    },
    "closed_window_ms": {
     "description": "How long it offered no window, all such times together; absent while that never was.",
     "$ref": "#/$defs/Milliseconds"
    },
    "window_closed": {
     "description": "True while it offers no window; else absent.",
     "type": "boolean"
    },
    "reset_ttl": {
     "description": "TTL or hop limit of its first RST. Another one than `ttl` was likely sent by somebody else.",
     "type": "integer",
     "minimum": 0,
     "maximum": 255
    },
    "fast_retransmissions": {
     "description": "Sent again within 20 ms of at least two duplicate ACKs that asked for it; absent while there is none.",
     "type": "integer",
     "minimum": 0
    },
    "spurious_retransmissions": {
     "description": "Sent again although the other side had acknowledged it; absent while there is none.",
     "type": "integer",
     "minimum": 0
    },
    "duplicate_acks": {
     "description": "ACKs that only repeat the one before; absent while there is none.",
     "type": "integer",
     "minimum": 0
    },
    "lost_segments": {
     "description": "Segments before which something is missing: Wireshark's \"previous segment not captured\"; absent while there is none.",
     "type": "integer",
     "minimum": 0
    },
    "acked_unseen_segments": {
     "description": "ACKs for bytes that were not seen; absent while there is none.",
     "type": "integer",
     "minimum": 0
    },
    "window_full": {
     "description": "Segments that filled the other side's window to its last byte; absent while there is none.",
     "type": "integer",
     "minimum": 0
    },
    "window_updates": {
     "description": "Segments that tell nothing but a new window; absent while there is none.",
     "type": "integer",
     "minimum": 0
    },
    "zero_window_probes": {
     "description": "Single new bytes sent into a window of zero; absent while there is none.",
     "type": "integer",
     "minimum": 0
    },
    "keep_alives": {
     "description": "Segments of at most one byte, just before the next sequence number; absent while there is none.",
     "type": "integer",
     "minimum": 0
    },
    "keep_alive_acks": {
     "description": "ACKs that answer a keep-alive; absent while there is none.",
     "type": "integer",
     "minimum": 0
    },
    "syn_count": {
     "description": "Client only.",
     "type": "integer",
     "minimum": 0
    },
    "first_syn": {
     "$ref": "#/$defs/Time"
    },
    "last_syn": {
     "$ref": "#/$defs/Time"
    },
    "syn_ack_count": {
     "description": "Server only.",
     "type": "integer",
     "minimum": 0
    },
    "first_syn_ack": {
     "$ref": "#/$defs/Time"
    },
    "last_syn_ack": {
     "$ref": "#/$defs/Time"
    },
    "fin": {
     "type": "boolean"
    },
    "fin_time": {
     "$ref": "#/$defs/Time"
    },
    "rst": {
     "type": "boolean"
    },
    "rst_time": {
     "$ref": "#/$defs/Time"
    },
    "mss": {
     "description": "Null when the SYN or SYN-ACK carried none.",
     "type": [
      "integer",
      "null"
     ],
     "minimum": 0,
     "maximum": 65535
    },
    "window_scale": {
     "description": "Null when the SYN or SYN-ACK carried none.",
     "type": [
      "integer",
      "null"
     ],
     "minimum": 0,
     "maximum": 255
    },
    "sack_permitted": {
     "type": "boolean"
    },
    "timestamps": {
     "type": "boolean"
    },
    "fast_open": {
     "type": "boolean"
    },
    "multipath": {
     "type": "boolean"
    }
   }
  },
  "Resumption": {
   "type": "object",
   "required": [
    "offered"
   ],
   "properties": {
    "offered": {
     "description": "session_id, ticket or pre_shared_key.",
     "type": "string"
    },
    "accepted": {
     "description": "Whether the session was resumed. Absent when that was not seen.",
     "type": "boolean"
    }
   }
  },
  "SearchedName": {
   "description": "A name that a search list made and that led nowhere.",
   "type": "object",
   "required": [
    "name",
    "status",
    "rtt_ms"
   ],
   "properties": {
    "name": {
     "type": "string"
    },
    "status": {
     "$ref": "#/$defs/LookupStatus"
    },
    "rcode": {
     "type": "string"
    },
    "rtt_ms": {
     "$ref": "#/$defs/Milliseconds"
    }
   }
  },
  "ServingListener": {
   "description": "What listens at the port of an inbound request, as it was a moment after the request began.",
   "type": "object",
   "required": [
    "address"
   ],
   "properties": {
    "address": {
     "description": "What it is bound to; `0.0.0.0` or `::` for all addresses.",
     "type": "string"
    },
    "waiting": {
     "description": "Connections that waited to be accepted; TCP only.",
     "type": "integer",
     "minimum": 0
    },
    "limit": {
     "description": "How many may wait; TCP only.",
     "type": "integer",
     "minimum": 0
    }
   }
  },
  "Severity": {
   "description": "How bad it is.",
   "type": "string",
   "enum": [
    "none",
    "notice",
    "warning",
    "error"
   ]
  },
  "SocketAddress": {
   "description": "An address, and a port where the protocol has them.",
   "type": "object",
   "required": [
    "address"
   ],
   "properties": {
    "address": {
     "type": "string"
    },
    "port": {
     "type": "integer",
     "minimum": 0,
     "maximum": 65535
    }
   }
  },
  "Sources": {
   "description": "Where facts came from that were not read from frames.",
   "type": "object",
   "additionalProperties": {
    "enum": [
     "kernel",
     "inferred"
    ]
   }
  },
  "Stage": {
   "description": "One step of a request.",
   "type": "object",
   "required": [
    "stage",
    "status",
    "facts"
   ],
   "properties": {
    "stage": {
     "$ref": "#/$defs/StageName"
    },
    "status": {
     "$ref": "#/$defs/StageStatus"
    },
    "start": {
     "description": "May lie before `first`, as that of a lookup does.",
     "$ref": "#/$defs/Time"
    },
    "duration_ms": {
     "$ref": "#/$defs/Milliseconds"
    },
    "reason": {
     "description": "A word of the stage when it failed or is pending; a sentence when nothing is known of it.",
     "type": "string"
    },
    "facts": {
     "$ref": "#/$defs/Facts"
    },
    "sources": {
     "$ref": "#/$defs/Sources"
    }
   }
  },
  "StageName": {
   "description": "The steps of a request, in the order of the waterfall.",
   "type": "string",
   "enum": [
    "process",
    "name",
    "route",
    "neighbour",
    "port",
    "translation",
    "connect",
    "secure",
    "exchange",
    "close"
   ]
  },
  "StageStatus": {
   "description": "`unseen` must have happened and was not observed.",
   "type": "string",
   "enum": [
    "ok",
    "failed",
    "pending",
    "unseen",
    "not_applicable"
   ]
  },
  "StubAnswer": {
   "description": "How a stub resolver on this host (systemd-resolved, dnsmasq) came by its answer; absent when the server is another host, or when nothing can be said. That its questions belong to this lookup is inferred from name and time.",
   "type": "object",
   "required": [
    "from_cache",
    "upstream"
   ],
   "properties": {
    "from_cache": {
     "description": "It asked nobody, so the answer was in its cache or its own.",
     "type": "boolean"
    },
    "upstream": {
     "description": "The same question as it sent it on, in order, at most eight.",
     "type": "array",
     "items": {
      "$ref": "#/$defs/UpstreamLookup"
     }
    }
   }
  },
  "TCPState": {
   "description": "Where a TCP connection stands.",
   "type": "string",
   "enum": [
    "no_answer",
    "refused",
    "aborted",
    "half_open",
    "established",
    "half_closed",
    "closed",
    "reset_by_client",
    "reset_by_server",
    "midstream"
   ]
  },
  "TLS": {
   "description": "What was read of a TLS handshake, over TCP or within QUIC. Names are those of IANA; a number without one is written 0x7F1C. Values that are sent only to be ignored (RFC 8701) are left out of every list.",
   "type": "object",
   "required": [
    "alpn_offered",
    "versions_offered",
    "cipher_suites_offered",
    "groups_offered",
    "key_shares",
    "signature_algorithms_offered",
    "certificates",
    "client_certificates",
    "alerts",
    "alert_count"
   ],
   "properties": {
    "server_name": {
     "description": "The host asked for (SNI).",
     "type": "string"
    },
    "server_name_may_be_outer": {
     "description": "If the encrypted ClientHello is a real one, the server name is that of the server in front.",
     "type": "boolean"
    },
    "ech": {
     "description": "offered, when there is an encrypted ClientHello, or random bytes in its place, which look the same.",
     "type": "string"
    },
    "alpn_offered": {
     "description": "Application protocols, in order; at most 32.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "alpn": {
     "description": "The one chosen. TLS 1.3 encrypts it.",
     "type": "string"
    },
    "versions_offered": {
     "description": "In order, as in TLS 1.3.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "version": {
     "description": "TLS 1.3",
     "type": "string"
    },
    "cipher_suites_offered": {
     "description": "In order; at most 128.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "cipher_suite": {
     "description": "TLS_AES_128_GCM_SHA256",
     "type": "string"
    },
    "groups_offered": {
     "description": "Groups for the key exchange, in order.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "key_shares": {
     "description": "The groups that a key was sent along for.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "group": {
     "description": "The group of the key exchange; after a HelloRetryRequest alone, the one it asks for.",
     "type": "string"
    },
    "signature_algorithms_offered": {
     "description": "In order.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "resumption": {
     "description": "Absent when no session was offered to be resumed.",
     "$ref": "#/$defs/Resumption"
    },
    "early_data_offered": {
     "description": "Data is sent before the handshake is done (0-RTT).",
     "type": "boolean"
    },
    "ja3": {
     "description": "MD5 of ja3_text. Absent, as JA4 is, when the ClientHello was not seen whole.",
     "type": "string"
    },
    "ja3_text": {
     "description": "Absent when longer than 1024 characters.",
     "type": "string"
    },
    "ja4": {
     "description": "https://github.com/FoxIO-LLC/ja4",
     "type": "string"
    },
    "certificates": {
     "description": "The server's, its own first, up to TLS 1.2; later versions encrypt them. At most four.",
     "type": "array",
     "items": {
      "$ref": "#/$defs/Certificate"
     }
    },
    "certificate_count": {
     "description": "Those that were sent.",
     "type": "integer",
     "minimum": 0
    },
    "client_certificate_requested": {
     "description": "Up to TLS 1.2.",
     "type": "boolean"
    },
    "client_certificates": {
     "type": "array",
     "items": {
      "$ref": "#/$defs/Certificate"
     }
    },
    "client_certificate_count": {
     "description": "0 when the client was asked for one and has none.",
     "type": "integer",
     "minimum": 0
    },
    "certificate_status": {
     "description": "A stapled OCSP response was sent; up to TLS 1.2.",
     "type": "boolean"
    },
    "session_ticket": {
     "description": "The server gave a session ticket; up to TLS 1.2.",
     "type": "boolean"
    },
    "alerts": {
     "description": "Alerts in the clear; the oldest eight when there were more.",
     "type": "array",
     "items": {
      "$ref": "#/$defs/TLSAlert"
     }
    },
    "alert_count": {
     "type": "integer",
     "minimum": 0
    },
    "encrypted_alert_from": {
     "description": "client or server, when it sent an alert before the end of the handshake that cannot be read.",
     "type": "string"
    },
    "encrypted_alert_time": {
     "$ref": "#/$defs/Time"
    },
    "client_hello": {
     "description": "The first byte of the first ClientHello.",
     "$ref": "#/$defs/Time"
    },
    "hello_retry_request": {
     "description": "The server asked for another ClientHello.",
     "$ref": "#/$defs/Time"
    },
    "server_hello": {
     "$ref": "#/$defs/Time"
    },
    "finished": {
     "description": "The last flight of the handshake that is visible.",
     "$ref": "#/$defs/Time"
    },
    "handshake_ms": {
     "description": "From client_hello to finished.",
     "$ref": "#/$defs/Milliseconds"
    },
    "partly_unseen": {
     "description": "Bytes of the handshake were not captured.",
     "type": "boolean"
    }
   }
  },
  "TLSAlert": {
   "type": "object",
   "required": [
    "time",
    "from",
    "level",
    "name"
   ],
   "properties": {
    "time": {
     "$ref": "#/$defs/Time"
    },
    "from": {
     "description": "client or server.",
     "type": "string"
    },
    "level": {
     "description": "warning or fatal.",
     "type": "string"
    },
    "name": {
     "description": "handshake_failure",
     "type": "string"
    }
   }
  },
  "Time": {
   "description": "RFC 3339 in UTC with nine decimals.",
   "type": "string",
   "format": "date-time",
   "examples": [
    "2026-11-21T10:42:07.123456789Z"
   ]
  },
  "Translation": {
   "description": "What NAT makes of one connection.",
   "type": "object",
   "required": [
    "protocol",
    "kinds",
    "original",
    "translated",
    "known_by"
   ],
   "properties": {
    "protocol": {
     "$ref": "#/$defs/Transport"
    },
    "kinds": {
     "description": "snat when the source is rewritten (masquerade too), dnat when the destination is (redirect too); both for a hairpin.",
     "type": "array",
     "items": {
      "enum": [
       "snat",
       "dnat"
      ]
     }
    },
    "original": {
     "description": "As the client sent it.",
     "$ref": "#/$defs/TranslationTuple"
    },
    "translated": {
     "description": "As it went on. The answers come back to its source, and are written back from there.",
     "$ref": "#/$defs/TranslationTuple"
    },
    "known_by": {
     "description": "conntrack - the kernel told. segment - the same segment was seen before and after it, known by its sequence numbers and timestamp or by its IP identification and payload; so it is inferred.",
     "enum": [
      "conntrack",
      "segment"
     ]
    },
    "began": {
     "description": "Absent when it is older than what is known of it.",
     "$ref": "#/$defs/Time"
    },
    "ended": {
     "description": "Absent while the mapping stands.",
     "$ref": "#/$defs/Time"
    },
    "heard": {
     "description": "When the kernel last told something of it, which is not its last packet. Of `/v1/translations` alone.",
     "$ref": "#/$defs/Time"
    },
    "state": {
     "description": "TCP's, in conntrack's words. Of `/v1/translations` alone.",
     "type": "string"
    },
    "answered": {
     "description": "Packets were seen in both directions. Of `/v1/translations` alone.",
     "type": "boolean"
    },
    "zone": {
     "description": "Of conntrack; absent when 0.",
     "type": "integer",
     "minimum": 0,
     "maximum": 65535
    },
    "mark": {
     "description": "Of the connection; absent when 0.",
     "type": "integer",
     "minimum": 0,
     "maximum": 4294967295
    },
    "rule": {
     "$ref": "#/$defs/TranslationRule"
    }
   }
  },
  "TranslationRule": {
   "description": "The rule of the packet filter that asks for it.",
   "type": "object",
   "required": [
    "family",
    "table",
    "chain",
    "handle",
    "action",
    "text"
   ],
   "properties": {
    "family": {
     "description": "ip, ip6 or inet.",
     "type": "string"
    },
    "table": {
     "type": "string"
    },
    "chain": {
     "type": "string"
    },
    "handle": {
     "description": "Names the rule within its table, as `nft -a list ruleset` shows it.",
     "type": "integer",
     "minimum": 0
    },
    "action": {
     "description": "snat, dnat, masquerade or redirect.",
     "type": "string"
    },
    "text": {
     "type": "string"
    }
   }
  },
  "TranslationTuple": {
   "description": "Who sends to whom. For an ICMP echo the source's port is the identifier.",
   "type": "object",
   "required": [
    "source",
    "destination"
   ],
   "properties": {
    "source": {
     "$ref": "#/$defs/SocketAddress"
    },
    "destination": {
     "$ref": "#/$defs/SocketAddress"
    }
   }
  },
  "Transport": {
   "description": "The innermost transport.",
   "type": "string",
   "enum": [
    "tcp",
    "udp",
    "icmp",
    "icmpv6"
   ]
  },
  "TransportParameters": {
   "description": "The client's transport parameters, by their names in RFC 9000 section 18.2; the server's are encrypted.",
   "type": "object",
   "required": [
    "disable_active_migration"
   ],
   "properties": {
    "max_idle_timeout_ms": {
     "$ref": "#/$defs/Milliseconds"
    },
    "max_udp_payload_size": {
     "type": "integer",
     "minimum": 0
    },
    "initial_max_data": {
     "type": "integer",
     "minimum": 0
    },
    "initial_max_streams_bidi": {
     "type": "integer",
     "minimum": 0
    },
    "initial_max_streams_uni": {
     "type": "integer",
     "minimum": 0
    },
    "disable_active_migration": {
     "type": "boolean"
    }
   }
  },
  "Tunnel": {
   "description": "One encapsulation that packets travelled in.",
   "type": "object",
   "required": [
    "kind"
   ],
   "properties": {
    "kind": {
     "description": "pppoe, mpls, gre, pptp, ip_in_ip, 6in4, 4in6, 6in6, vxlan or geneve.",
     "type": "string"
    },
    "id": {
     "description": "The session of PPPoE, the innermost label of MPLS, the key of GRE, the call of PPTP, the virtual network of VXLAN and Geneve.",
     "type": "integer",
     "minimum": 0,
     "maximum": 4294967295
    },
    "source": {
     "description": "Where the packet that carried it came from; absent when that has no IP header (PPPoE, MPLS).",
     "type": "string"
    },
    "destination": {
     "type": "string"
    }
   }
  },
  "UpstreamLookup": {
   "description": "The leg of a lookup from a stub resolver to a server; `pending` when it had no answer by then.",
   "type": "object",
   "required": [
    "server",
    "status",
    "queried"
   ],
   "properties": {
    "server": {
     "description": "Address and port.",
     "type": "string"
    },
    "status": {
     "$ref": "#/$defs/LookupStatus"
    },
    "rcode": {
     "type": "string"
    },
    "queried": {
     "$ref": "#/$defs/Time"
    },
    "rtt_ms": {
     "$ref": "#/$defs/Milliseconds"
    }
   }
  },
  "Verdict": {
   "description": "The finding, in plain words.",
   "type": "object",
   "required": [
    "id",
    "severity",
    "summary",
    "evidence",
    "confidence",
    "next"
   ],
   "properties": {
    "id": {
     "description": "Stable, as connect.refused or healthy.",
     "type": "string"
    },
    "severity": {
     "$ref": "#/$defs/Severity"
    },
    "stage": {
     "$ref": "#/$defs/StageName"
    },
    "summary": {
     "description": "One sentence.",
     "type": "string"
    },
    "evidence": {
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "confidence": {
     "$ref": "#/$defs/Confidence"
    },
    "next": {
     "description": "Commands to type; behind `#` stands where, and what to look for in the output.",
     "type": "array",
     "items": {
      "type": "string"
     }
    }
   }
  }
 }
}

"""#

    private static let schemaLookup = #"""
{
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "$id": "/v1/schemas/lookup.json",
 "title": "Lookup",
 "description": "One DNS question and what came of it.",
 "type": "object",
 "required": [
  "record",
  "client",
  "server",
  "protocol",
  "id",
  "name",
  "type",
  "status",
  "truncated",
  "retries",
  "chain",
  "addresses",
  "answers",
  "answers_left_out",
  "kind"
 ],
 "properties": {
  "record": {
   "const": "lookup"
  },
  "client": {
   "$ref": "#/$defs/SocketAddress"
  },
  "server": {
   "$ref": "#/$defs/SocketAddress"
  },
  "protocol": {
   "$ref": "#/$defs/Transport"
  },
  "id": {
   "description": "The DNS header's ID.",
   "type": "integer",
   "minimum": 0,
   "maximum": 65535
  },
  "name": {
   "type": "string"
  },
  "type": {
   "type": "string"
  },
  "status": {
   "$ref": "#/$defs/LookupStatus"
  },
  "queried": {
   "$ref": "#/$defs/Time"
  },
  "answered": {
   "$ref": "#/$defs/Time"
  },
  "rtt_ms": {
   "$ref": "#/$defs/Milliseconds"
  },
  "rcode": {
   "type": "string"
  },
  "truncated": {
   "type": "boolean"
  },
  "retries": {
   "type": "integer",
   "minimum": 0
  },
  "chain": {
   "description": "CNAMEs from the name asked for, in order.",
   "type": "array",
   "items": {
    "type": "string"
   }
  },
  "addresses": {
   "type": "array",
   "items": {
    "type": "string"
   }
  },
  "answers": {
   "type": "array",
   "items": {
    "$ref": "#/$defs/Answer"
   }
  },
  "answers_left_out": {
   "description": "Beyond what is kept, or not readable.",
   "type": "integer",
   "minimum": 0
  },
  "kind": {
   "$ref": "#/$defs/LookupKind"
  },
  "query_flags": {
   "description": "Header bits of the question, as `dig` writes them (`aa`, `tc`, `rd`, `ra`, `ad`, `cd`); absent when it was not seen.",
   "type": "array",
   "items": {
    "type": "string"
   }
  },
  "flags": {
   "description": "Header bits of the answer; absent when there was none.",
   "type": "array",
   "items": {
    "type": "string"
   }
  },
  "sections": {
   "$ref": "#/$defs/Sections"
  },
  "query_edns": {
   "$ref": "#/$defs/EDNS"
  },
  "edns": {
   "description": "What the answer said by EDNS.",
   "$ref": "#/$defs/EDNS"
  },
  "extended_errors": {
   "description": "Why the server answered as it did (RFC 8914); absent when it did not say.",
   "type": "array",
   "items": {
    "$ref": "#/$defs/ExtendedError"
   }
  },
  "searched": {
   "description": "Names that the client's search list made before this one and that led nowhere, in order; inferred. Absent when there were none.",
   "type": "array",
   "items": {
    "$ref": "#/$defs/SearchedName"
   }
  },
  "asked_before": {
   "description": "Other servers that were asked the same before this one; absent when there were none.",
   "type": "array",
   "items": {
    "$ref": "#/$defs/AskedServer"
   }
  },
  "pair": {
   "$ref": "#/$defs/LookupPair"
  },
  "stub": {
   "$ref": "#/$defs/StubAnswer"
  }
 },
 "$defs": {
  "Answer": {
   "description": "One resource record.",
   "type": "object",
   "required": [
    "name",
    "type",
    "ttl",
    "data"
   ],
   "properties": {
    "name": {
     "type": "string"
    },
    "type": {
     "type": "string"
    },
    "ttl": {
     "description": "Seconds.",
     "type": "integer",
     "minimum": 0
    },
    "data": {
     "description": "In presentation form.",
     "type": "string"
    }
   }
  },
  "AskedServer": {
   "description": "A server that was asked the same question before; `pending` when it had not answered by then.",
   "type": "object",
   "required": [
    "server",
    "status",
    "queried"
   ],
   "properties": {
    "server": {
     "description": "Address and port.",
     "type": "string"
    },
    "status": {
     "$ref": "#/$defs/LookupStatus"
    },
    "rcode": {
     "type": "string"
    },
    "queried": {
     "$ref": "#/$defs/Time"
    }
   }
  },
  "EDNS": {
   "description": "What one side said by EDNS (RFC 6891).",
   "type": "object",
   "required": [
    "udp_size",
    "version",
    "do",
    "options"
   ],
   "properties": {
    "udp_size": {
     "description": "Bytes that the sender takes in one UDP datagram.",
     "type": "integer"
    },
    "version": {
     "type": "integer"
    },
    "do": {
     "description": "DNSSEC records are wanted, or given.",
     "type": "boolean"
    },
    "options": {
     "description": "Mnemonics of the options in order, `OPT65001` for one without; of cookies nothing else is kept.",
     "type": "array",
     "items": {
      "type": "string"
     }
    },
    "nsid": {
     "description": "The server's own name for itself (RFC 5001).",
     "type": "string"
    },
    "client_subnet": {
     "description": "Network that the answer is asked for, and behind a second slash the length of the prefix that it holds for (RFC 7871).",
     "type": "string"
    },
    "keepalive_ms": {
     "description": "How long the server keeps an idle connection (RFC 7828).",
     "$ref": "#/$defs/Milliseconds"
    },
    "padding": {
     "description": "Octets of padding (RFC 7830).",
     "type": "integer"
    }
   }
  },
  "ExtendedError": {
   "description": "An extended DNS error (RFC 8914).",
   "type": "object",
   "required": [
    "code",
    "name"
   ],
   "properties": {
    "code": {
     "type": "integer"
    },
    "name": {
     "description": "The registered purpose of the code; `EDE65535` where there is none.",
     "type": "string"
    },
    "text": {
     "description": "What the server added, printable.",
     "type": "string"
    }
   }
  },
  "LookupKind": {
   "description": "By which protocol a name was asked for. In all but `dns` the question usually goes to a group, and an answer comes only from who has the name - silence is no failure.",
   "enum": [
    "dns",
    "mdns",
    "llmnr",
    "nbns"
   ]
  },
  "LookupPair": {
   "description": "The question for the other IP version (A and AAAA) that the client asked together with this one. Of a lookup, as it stood at its own answer; of a request's name, as it is known now.",
   "type": "object",
   "required": [
    "type",
    "status"
   ],
   "properties": {
    "type": {
     "type": "string"
    },
    "status": {
     "$ref": "#/$defs/LookupStatus"
    },
    "rcode": {
     "type": "string"
    },
    "rtt_ms": {
     "$ref": "#/$defs/Milliseconds"
    }
   }
  },
  "LookupStatus": {
   "description": "How a lookup ended.",
   "type": "string",
   "enum": [
    "pending",
    "answered",
    "no_data",
    "failed",
    "no_answer"
   ]
  },
  "Milliseconds": {
   "description": "A span in milliseconds, with three decimals.",
   "type": "number",
   "examples": [
    12.345
   ]
  },
  "SearchedName": {
   "description": "A name that a search list made and that led nowhere.",
   "type": "object",
   "required": [
    "name",
    "status",
    "rtt_ms"
   ],
   "properties": {
    "name": {
     "type": "string"
    },
    "status": {
     "$ref": "#/$defs/LookupStatus"
    },
    "rcode": {
     "type": "string"
    },
    "rtt_ms": {
     "$ref": "#/$defs/Milliseconds"
    }
   }
  },
  "Sections": {
   "description": "Records in each section of an answer.",
   "type": "object",
   "required": [
    "answer",
    "authority",
    "additional"
   ],
   "properties": {
    "answer": {
     "type": "integer"
    },
    "authority": {
     "type": "integer"
    },
    "additional": {
     "type": "integer"
    }
   }
  },
  "SocketAddress": {
   "description": "An address, and a port where the protocol has them.",
   "type": "object",
   "required": [
    "address"
   ],
   "properties": {
    "address": {
     "type": "string"
    },
    "port": {
     "type": "integer",
     "minimum": 0,
     "maximum": 65535
    }
   }
  },
  "StubAnswer": {
   "description": "How a stub resolver on this host (systemd-resolved, dnsmasq) came by its answer; absent when the server is another host, or when nothing can be said. That its questions belong to this lookup is inferred from name and time.",
   "type": "object",
   "required": [
    "from_cache",
    "upstream"
   ],
   "properties": {
    "from_cache": {
     "description": "It asked nobody, so the answer was in its cache or its own.",
     "type": "boolean"
    },
    "upstream": {
     "description": "The same question as it sent it on, in order, at most eight.",
     "type": "array",
     "items": {
      "$ref": "#/$defs/UpstreamLookup"
     }
    }
   }
  },
  "Time": {
   "description": "RFC 3339 in UTC with nine decimals.",
   "type": "string",
   "format": "date-time",
   "examples": [
    "2026-11-21T10:42:07.123456789Z"
   ]
  },
  "Transport": {
   "description": "The innermost transport.",
   "type": "string",
   "enum": [
    "tcp",
    "udp",
    "icmp",
    "icmpv6"
   ]
  },
  "UpstreamLookup": {
   "description": "The leg of a lookup from a stub resolver to a server; `pending` when it had no answer by then.",
   "type": "object",
   "required": [
    "server",
    "status",
    "queried"
   ],
   "properties": {
    "server": {
     "description": "Address and port.",
     "type": "string"
    },
    "status": {
     "$ref": "#/$defs/LookupStatus"
    },
    "rcode": {
     "type": "string"
    },
    "queried": {
     "$ref": "#/$defs/Time"
    },
    "rtt_ms": {
     "$ref": "#/$defs/Milliseconds"
    }
   }
  }
 }
}

"""#

    private static let schemaNeighbour = #"""
{
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "$id": "/v1/schemas/neighbour.json",
 "title": "Neighbour",
 "description": "One address resolution or announcement on a link.",
 "type": "object",
 "required": [
  "record",
  "protocol",
  "kind",
  "vlan_ids",
  "tunnels",
  "target",
  "requests",
  "replies",
  "macs",
  "first",
  "last",
  "complete"
 ],
 "properties": {
  "record": {
   "const": "neighbour"
  },
  "protocol": {
   "description": "arp or ndp.",
   "type": "string"
  },
  "kind": {
   "description": "resolution, announcement or probe.",
   "type": "string"
  },
  "interface": {
   "type": "string"
  },
  "vlan_ids": {
   "type": "array",
   "maxItems": 4,
   "items": {
    "type": "integer",
    "minimum": 0,
    "maximum": 4095
   }
  },
  "tunnels": {
   "description": "What its messages travelled in, outermost first.",
   "type": "array",
   "maxItems": 4,
   "items": {
    "$ref": "#/$defs/Tunnel"
   }
  },
  "target": {
   "type": "string"
  },
  "asker": {
   "type": "string"
  },
  "asker_mac": {
   "$ref": "#/$defs/MACAddress"
  },
  "requests": {
   "type": "integer",
   "minimum": 0
  },
  "replies": {
   "type": "integer",
   "minimum": 0
  },
  "macs": {
   "description": "Every MAC that answered; two claim one address.",
   "type": "array",
   "items": {
    "$ref": "#/$defs/MACAddress"
   }
  },
  "first": {
   "$ref": "#/$defs/Time"
  },
  "answered": {
   "$ref": "#/$defs/Time"
  },
  "last": {
   "$ref": "#/$defs/Time"
  },
  "complete": {
   "description": "Nothing more belongs to it; before that an answer may still come.",
   "type": "boolean"
  },
  "duration_ms": {
   "description": "To the first answer.",
   "$ref": "#/$defs/Milliseconds"
  }
 },
 "$defs": {
  "MACAddress": {
   "type": "string",
   "pattern": "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$"
  },
  "Milliseconds": {
   "description": "A span in milliseconds, with three decimals.",
   "type": "number",
   "examples": [
    12.345
   ]
  },
  "Time": {
   "description": "RFC 3339 in UTC with nine decimals.",
   "type": "string",
   "format": "date-time",
   "examples": [
    "2026-11-21T10:42:07.123456789Z"
   ]
  },
  "Tunnel": {
   "description": "One encapsulation that packets travelled in.",
   "type": "object",
   "required": [
    "kind"
   ],
   "properties": {
    "kind": {
     "description": "pppoe, mpls, gre, pptp, ip_in_ip, 6in4, 4in6, 6in6, vxlan or geneve.",
     "type": "string"
    },
    "id": {
     "description": "The session of PPPoE, the innermost label of MPLS, the key of GRE, the call of PPTP, the virtual network of VXLAN and Geneve.",
     "type": "integer",
     "minimum": 0,
     "maximum": 4294967295
    },
    "source": {
     "description": "Where the packet that carried it came from; absent when that has no IP header (PPPoE, MPLS).",
     "type": "string"
    },
    "destination": {
     "type": "string"
    }
   }
  }
 }
}

"""#

    private static let schemaLease = #"""
{
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "$id": "/v1/schemas/lease.json",
 "title": "Lease",
 "description": "One exchange between a DHCP client and its servers, by which a host got, kept or gave up its address.",
 "type": "object",
 "required": [
  "record",
  "transaction_id",
  "outcome",
  "vlan_ids",
  "tunnels",
  "routers",
  "dns_servers",
  "search",
  "ntp_servers",
  "routes",
  "attempts",
  "offers",
  "first",
  "last",
  "duration_ms",
  "complete"
 ],
 "properties": {
  "record": {
   "const": "lease"
  },
  "transaction_id": {
   "description": "What ties the messages of one exchange together.",
   "type": "integer",
   "minimum": 0
  },
  "outcome": {
   "description": "bound, renewed, informed, refused, declined, released, no_answer, not_completed or pending.",
   "type": "string"
  },
  "client_mac": {
   "$ref": "#/$defs/MACAddress"
  },
  "interface": {
   "type": "string"
  },
  "vlan_ids": {
   "type": "array",
   "maxItems": 4,
   "items": {
    "type": "integer",
    "minimum": 0,
    "maximum": 4095
   }
  },
  "tunnels": {
   "type": "array",
   "items": {
    "$ref": "#/$defs/Tunnel"
   }
  },
  "hostname": {
   "description": "What the client calls itself.",
   "type": "string"
  },
  "requested_address": {
   "description": "What the client asked for, or has and wants to keep.",
   "type": "string"
  },
  "address": {
   "description": "What it was offered, and then given.",
   "type": "string"
  },
  "server": {
   "type": "string"
  },
  "relay": {
   "type": "string"
  },
  "subnet_mask": {
   "type": "string"
  },
  "routers": {
   "type": "array",
   "items": {
    "type": "string"
   }
  },
  "dns_servers": {
   "type": "array",
   "items": {
    "type": "string"
   }
  },
  "domain": {
   "type": "string"
  },
  "search": {
   "type": "array",
   "items": {
    "type": "string"
   }
  },
  "ntp_servers": {
   "type": "array",
   "items": {
    "type": "string"
   }
  },
  "mtu": {
   "type": "integer",
   "minimum": 0
  },
  "lease_seconds": {
   "type": "integer",
   "minimum": 0
  },
  "renewal_seconds": {
   "type": "integer",
   "minimum": 0
  },
  "rebinding_seconds": {
   "type": "integer",
   "minimum": 0
  },
  "routes": {
   "description": "Classless static routes (RFC 3442).",
   "type": "array",
   "items": {
    "$ref": "#/$defs/LeaseRoute"
   }
  },
  "message": {
   "description": "What the server said when it refused, or the client when it declined.",
   "type": "string"
  },
  "discover": {
   "$ref": "#/$defs/Time"
  },
  "offer": {
   "$ref": "#/$defs/Time"
  },
  "request": {
   "$ref": "#/$defs/Time"
  },
  "ack": {
   "$ref": "#/$defs/Time"
  },
  "nak": {
   "$ref": "#/$defs/Time"
  },
  "decline": {
   "$ref": "#/$defs/Time"
  },
  "inform": {
   "$ref": "#/$defs/Time"
  },
  "release": {
   "$ref": "#/$defs/Time"
  },
  "attempts": {
   "description": "DISCOVERs and REQUESTs, retries included.",
   "type": "integer",
   "minimum": 0
  },
  "offers": {
   "description": "OFFERs, of all servers.",
   "type": "integer",
   "minimum": 0
  },
  "first": {
   "$ref": "#/$defs/Time"
  },
  "last": {
   "$ref": "#/$defs/Time"
  },
  "duration_ms": {
   "$ref": "#/$defs/Milliseconds"
  },
  "complete": {
   "type": "boolean"
  }
 },
 "$defs": {
  "LeaseRoute": {
   "description": "A route that a lease brought.",
   "type": "object",
   "required": [
    "destination",
    "gateway"
   ],
   "properties": {
    "destination": {
     "description": "With its prefix length, as 10.0.0.0/8.",
     "type": "string"
    },
    "gateway": {
     "type": "string"
    }
   }
  },
  "MACAddress": {
   "type": "string",
   "pattern": "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$"
  },
  "Milliseconds": {
   "description": "A span in milliseconds, with three decimals.",
   "type": "number",
   "examples": [
    12.345
   ]
  },
  "Time": {
   "description": "RFC 3339 in UTC with nine decimals.",
   "type": "string",
   "format": "date-time",
   "examples": [
    "2026-11-21T10:42:07.123456789Z"
   ]
  },
  "Tunnel": {
   "description": "One encapsulation that packets travelled in.",
   "type": "object",
   "required": [
    "kind"
   ],
   "properties": {
    "kind": {
     "description": "pppoe, mpls, gre, pptp, ip_in_ip, 6in4, 4in6, 6in6, vxlan or geneve.",
     "type": "string"
    },
    "id": {
     "description": "The session of PPPoE, the innermost label of MPLS, the key of GRE, the call of PPTP, the virtual network of VXLAN and Geneve.",
     "type": "integer",
     "minimum": 0,
     "maximum": 4294967295
    },
    "source": {
     "description": "Where the packet that carried it came from; absent when that has no IP header (PPPoE, MPLS).",
     "type": "string"
    },
    "destination": {
     "type": "string"
    }
   }
  }
 }
}

"""#

    private static let schemaIcmpError = #"""
{
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "$id": "/v1/schemas/icmp_error.json",
 "title": "ICMPError",
 "description": "One ICMP or ICMPv6 error message.",
 "type": "object",
 "required": [
  "time",
  "from",
  "to",
  "type",
  "code",
  "name"
 ],
 "properties": {
  "record": {
   "const": "icmp_error"
  },
  "time": {
   "$ref": "#/$defs/Time"
  },
  "from": {
   "type": "string"
  },
  "to": {
   "type": "string"
  },
  "type": {
   "type": "integer",
   "minimum": 0,
   "maximum": 255
  },
  "code": {
   "type": "integer",
   "minimum": 0,
   "maximum": 255
  },
  "name": {
   "description": "Type and code in words.",
   "type": "string"
  },
  "mtu": {
   "type": "integer",
   "minimum": 0
  },
  "quoted": {
   "$ref": "#/$defs/Quotation"
  },
  "request": {
   "description": "The id of the request that it quotes.",
   "type": "string"
  }
 },
 "$defs": {
  "Quotation": {
   "description": "The tuple of the quoted packet.",
   "type": "object",
   "required": [
    "protocol",
    "source",
    "destination"
   ],
   "properties": {
    "protocol": {
     "description": "tcp, udp, icmp, icmpv6 or the IANA number.",
     "type": "string"
    },
    "source": {
     "$ref": "#/$defs/SocketAddress"
    },
    "destination": {
     "$ref": "#/$defs/SocketAddress"
    }
   }
  },
  "SocketAddress": {
   "description": "An address, and a port where the protocol has them.",
   "type": "object",
   "required": [
    "address"
   ],
   "properties": {
    "address": {
     "type": "string"
    },
    "port": {
     "type": "integer",
     "minimum": 0,
     "maximum": 65535
    }
   }
  },
  "Time": {
   "description": "RFC 3339 in UTC with nine decimals.",
   "type": "string",
   "format": "date-time",
   "examples": [
    "2026-11-21T10:42:07.123456789Z"
   ]
  }
 }
}

"""#

    private static let schemaSummary = #"""
{
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "$id": "/v1/schemas/summary.json",
 "title": "Summary",
 "description": "Totals of everything that was read; the last line of `waybill read`.",
 "type": "object",
 "required": [
  "frames",
  "bytes",
  "cut_frames",
  "other_frames",
  "later_fragments",
  "fragments",
  "unsupported_frames",
  "requests",
  "lookups",
  "neighbours",
  "leases",
  "icmp_errors",
  "layers",
  "tables"
 ],
 "properties": {
  "record": {
   "const": "summary"
  },
  "frames": {
   "type": "integer",
   "minimum": 0
  },
  "bytes": {
   "description": "On the wire.",
   "type": "integer",
   "minimum": 0
  },
  "first": {
   "$ref": "#/$defs/Time"
  },
  "last": {
   "$ref": "#/$defs/Time"
  },
  "cut_frames": {
   "type": "integer",
   "minimum": 0
  },
  "other_frames": {
   "description": "Frames whose protocol is not decoded.",
   "type": "integer",
   "minimum": 0
  },
  "unsupported_frames": {
   "description": "Frames of a file that were passed over; their interface has a link type that is not decoded.",
   "type": "integer",
   "minimum": 0
  },
  "later_fragments": {
   "description": "Fragments after the first.",
   "type": "integer",
   "minimum": 0
  },
  "fragments": {
   "$ref": "#/$defs/FragmentTotals"
  },
  "requests": {
   "description": "As many as there are records of requests - several attempts to reach one name count once.",
   "type": "integer",
   "minimum": 0
  },
  "lookups": {
   "type": "integer",
   "minimum": 0
  },
  "neighbours": {
   "type": "integer",
   "minimum": 0
  },
  "leases": {
   "description": "DHCP exchanges.",
   "type": "integer",
   "minimum": 0
  },
  "icmp_errors": {
   "type": "integer",
   "minimum": 0
  },
  "layers": {
   "type": "array",
   "items": {
    "$ref": "#/$defs/LayerTotals"
   }
  },
  "tables": {
   "type": "array",
   "items": {
    "$ref": "#/$defs/TableTotals"
   }
  }
 },
 "$defs": {
  "FragmentTotals": {
   "description": "What became of the datagrams that came in fragments.",
   "type": "object",
   "required": [
    "reassembled",
    "overlapping",
    "too_large",
    "too_many_pieces",
    "cut",
    "incomplete"
   ],
   "properties": {
    "reassembled": {
     "description": "Put together, and read as if they had come whole.",
     "type": "integer",
     "minimum": 0
    },
    "overlapping": {
     "description": "Refused, because two pieces claim the same bytes and differ.",
     "type": "integer",
     "minimum": 0
    },
    "too_large": {
     "description": "Refused, because a piece reaches beyond 65,535 bytes.",
     "type": "integer",
     "minimum": 0
    },
    "too_many_pieces": {
     "description": "Refused, because they came in more pieces than are kept of one.",
     "type": "integer",
     "minimum": 0
    },
    "cut": {
     "description": "Refused, because the snap length cut a piece.",
     "type": "integer",
     "minimum": 0
    },
    "incomplete": {
     "description": "The rest did not come in time, or not before the capture ended.",
     "type": "integer",
     "minimum": 0
    }
   }
  },
  "LayerTotals": {
   "description": "What became of one layer's headers.",
   "type": "object",
   "required": [
    "layer",
    "decoded",
    "cut",
    "malformed",
    "reasons"
   ],
   "properties": {
    "layer": {
     "type": "string"
    },
    "decoded": {
     "type": "integer",
     "minimum": 0
    },
    "cut": {
     "description": "Cut by the snap length.",
     "type": "integer",
     "minimum": 0
    },
    "malformed": {
     "type": "integer",
     "minimum": 0
    },
    "reasons": {
     "type": "array",
     "items": {
      "$ref": "#/$defs/Reason"
     }
    }
   }
  },
  "Reason": {
   "description": "Why headers were malformed, and how often.",
   "type": "object",
   "required": [
    "reason",
    "count"
   ],
   "properties": {
    "reason": {
     "type": "string"
    },
    "count": {
     "type": "integer",
     "minimum": 0
    }
   }
  },
  "TableTotals": {
   "description": "How full a table was, and what it had to drop.",
   "type": "object",
   "required": [
    "name",
    "count",
    "peak",
    "capacity",
    "evictions"
   ],
   "properties": {
    "name": {
     "type": "string"
    },
    "count": {
     "type": "integer",
     "minimum": 0
    },
    "peak": {
     "type": "integer",
     "minimum": 0
    },
    "capacity": {
     "type": "integer",
     "minimum": 0
    },
    "evictions": {
     "type": "integer",
     "minimum": 0
    }
   }
  },
  "Time": {
   "description": "RFC 3339 in UTC with nine decimals.",
   "type": "string",
   "format": "date-time",
   "examples": [
    "2026-11-21T10:42:07.123456789Z"
   ]
  }
 }
}

"""#

    private static let schemaTranslation = #"""
{
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "$id": "/v1/schemas/translation.json",
 "title": "Translation",
 "description": "What NAT makes of one connection.",
 "type": "object",
 "required": [
  "protocol",
  "kinds",
  "original",
  "translated",
  "known_by"
 ],
 "properties": {
  "protocol": {
   "$ref": "#/$defs/Transport"
  },
  "kinds": {
   "description": "snat when the source is rewritten (masquerade too), dnat when the destination is (redirect too); both for a hairpin.",
   "type": "array",
   "items": {
    "enum": [
     "snat",
     "dnat"
    ]
   }
  },
  "original": {
   "description": "As the client sent it.",
   "$ref": "#/$defs/TranslationTuple"
  },
  "translated": {
   "description": "As it went on. The answers come back to its source, and are written back from there.",
   "$ref": "#/$defs/TranslationTuple"
  },
  "known_by": {
   "description": "conntrack - the kernel told. segment - the same segment was seen before and after it, known by its sequence numbers and timestamp or by its IP identification and payload; so it is inferred.",
   "enum": [
    "conntrack",
    "segment"
   ]
  },
  "began": {
   "description": "Absent when it is older than what is known of it.",
   "$ref": "#/$defs/Time"
  },
  "ended": {
   "description": "Absent while the mapping stands.",
   "$ref": "#/$defs/Time"
  },
  "heard": {
   "description": "When the kernel last told something of it, which is not its last packet. Of `/v1/translations` alone.",
   "$ref": "#/$defs/Time"
  },
  "state": {
   "description": "TCP's, in conntrack's words. Of `/v1/translations` alone.",
   "type": "string"
  },
  "answered": {
   "description": "Packets were seen in both directions. Of `/v1/translations` alone.",
   "type": "boolean"
  },
  "zone": {
   "description": "Of conntrack; absent when 0.",
   "type": "integer",
   "minimum": 0,
   "maximum": 65535
  },
  "mark": {
   "description": "Of the connection; absent when 0.",
   "type": "integer",
   "minimum": 0,
   "maximum": 4294967295
  },
  "rule": {
   "$ref": "#/$defs/TranslationRule"
  }
 },
 "$defs": {
  "SocketAddress": {
   "description": "An address, and a port where the protocol has them.",
   "type": "object",
   "required": [
    "address"
   ],
   "properties": {
    "address": {
     "type": "string"
    },
    "port": {
     "type": "integer",
     "minimum": 0,
     "maximum": 65535
    }
   }
  },
  "Time": {
   "description": "RFC 3339 in UTC with nine decimals.",
   "type": "string",
   "format": "date-time",
   "examples": [
    "2026-11-21T10:42:07.123456789Z"
   ]
  },
  "TranslationRule": {
   "description": "The rule of the packet filter that asks for it.",
   "type": "object",
   "required": [
    "family",
    "table",
    "chain",
    "handle",
    "action",
    "text"
   ],
   "properties": {
    "family": {
     "description": "ip, ip6 or inet.",
     "type": "string"
    },
    "table": {
     "type": "string"
    },
    "chain": {
     "type": "string"
    },
    "handle": {
     "description": "Names the rule within its table, as `nft -a list ruleset` shows it.",
     "type": "integer",
     "minimum": 0
    },
    "action": {
     "description": "snat, dnat, masquerade or redirect.",
     "type": "string"
    },
    "text": {
     "type": "string"
    }
   }
  },
  "TranslationTuple": {
   "description": "Who sends to whom. For an ICMP echo the source's port is the identifier.",
   "type": "object",
   "required": [
    "source",
    "destination"
   ],
   "properties": {
    "source": {
     "$ref": "#/$defs/SocketAddress"
    },
    "destination": {
     "$ref": "#/$defs/SocketAddress"
    }
   }
  },
  "Transport": {
   "description": "The innermost transport.",
   "type": "string",
   "enum": [
    "tcp",
    "udp",
    "icmp",
    "icmpv6"
   ]
  }
 }
}

"""#

    private static let schemaStatus = #"""
{
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "$id": "/v1/schemas/status.json",
 "title": "Status",
 "description": "The daemon's own state.",
 "type": "object",
 "required": [
  "version",
  "started",
  "uptime_ms",
  "interfaces",
  "limits"
 ],
 "properties": {
  "version": {
   "type": "string"
  },
  "started": {
   "$ref": "#/$defs/Time"
  },
  "uptime_ms": {
   "$ref": "#/$defs/Milliseconds"
  },
  "observed_until": {
   "description": "Everything before this time has been taken into account.",
   "$ref": "#/$defs/Time"
  },
  "interfaces": {
   "type": "array",
   "items": {
    "$ref": "#/$defs/InterfaceStatus"
   }
  },
  "totals": {
   "description": "Since the start, without `record`. Absent where `scope` is `own`.",
   "$ref": "#/$defs/Summary"
  },
  "limits": {
   "description": "What cannot be known on this host now.",
   "type": "array",
   "items": {
    "$ref": "#/$defs/Limit"
   }
  },
  "daemon": {
   "description": "What the daemon takes of the host.",
   "$ref": "#/$defs/DaemonProcess"
  },
  "history": {
   "description": "What stands on disk. Absent where nothing does, and where `scope` is `own`.",
   "$ref": "#/$defs/HistoryStatus"
  },
  "checks": {
   "description": "What answers depend on, and whether it is there; `waybill doctor` shows it.",
   "type": "array",
   "items": {
    "$ref": "#/$defs/Check"
   }
  },
  "scope": {
   "description": "Whose requests whoever asks may see: `all`, or those that are certainly of its `own` user. Then `interfaces` is empty, and everything that belongs to the whole host is refused with 403.",
   "type": "string",
   "enum": [
    "all",
    "own"
   ]
  }
 },
 "$defs": {
  "Check": {
   "description": "Something that answers depend on, and whether it is there.",
   "type": "object",
   "required": [
    "name",
    "state",
    "finding"
   ],
   "properties": {
    "name": {
     "description": "`capture`, `drops` and `delay`; `privileges` and `configuration`; a capability (`cap_net_raw`, `cap_perfmon`, …); a source: `tracepoints`, `sockets`, `routes`, `rules`, `conntrack`, `conntrack_room`, `conntrack_events`, `conntrack_timestamps`.",
     "type": "string"
    },
    "state": {
     "$ref": "#/$defs/CheckState"
    },
    "finding": {
     "description": "What was found, in one sentence.",
     "type": "string"
    },
    "lost": {
     "description": "Which answers are lost, or less than they could be.",
     "type": "string"
    },
    "fix": {
     "description": "A command that helps, as a shell takes it.",
     "type": "string"
    }
   }
  },
  "CheckState": {
   "description": "`limited`: answers are there, fewer or less exact than they could be. `unknown`: it could not be looked at.",
   "type": "string",
   "enum": [
    "ok",
    "limited",
    "lost",
    "unknown"
   ]
  },
  "DaemonProcess": {
   "description": "What the daemon takes of the host. What it does not know is absent.",
   "type": "object",
   "required": [
    "pid",
    "cpu_ms"
   ],
   "properties": {
    "pid": {
     "type": "integer",
     "minimum": 1
    },
    "cpu_ms": {
     "description": "Processor time since the start, its own and the kernel's for it.",
     "$ref": "#/$defs/Milliseconds"
    },
    "cpu_ms_per_second": {
     "description": "Processor time by the second, over the last ten; 10 are one hundredth of a core.",
     "$ref": "#/$defs/Milliseconds"
    },
    "resident_bytes": {
     "description": "In memory, what it shares with files included.",
     "type": "integer",
     "minimum": 0
    },
    "peak_resident_bytes": {
     "type": "integer",
     "minimum": 0
    },
    "threads": {
     "type": "integer",
     "minimum": 0
    },
    "open_files": {
     "type": "integer",
     "minimum": 0
    },
    "open_files_limit": {
     "description": "How many it may open.",
     "type": "integer",
     "minimum": 0
    }
   }
  },
  "FragmentTotals": {
   "description": "What became of the datagrams that came in fragments.",
   "type": "object",
   "required": [
    "reassembled",
    "overlapping",
    "too_large",
    "too_many_pieces",
    "cut",
    "incomplete"
   ],
   "properties": {
    "reassembled": {
     "description": "Put together, and read as if they had come whole.",
     "type": "integer",
     "minimum": 0
    },
    "overlapping": {
     "description": "Refused, because two pieces claim the same bytes and differ.",
     "type": "integer",
     "minimum": 0
    },
    "too_large": {
     "description": "Refused, because a piece reaches beyond 65,535 bytes.",
     "type": "integer",
     "minimum": 0
    },
    "too_many_pieces": {
     "description": "Refused, because they came in more pieces than are kept of one.",
     "type": "integer",
     "minimum": 0
    },
    "cut": {
     "description": "Refused, because the snap length cut a piece.",
     "type": "integer",
     "minimum": 0
    },
    "incomplete": {
     "description": "The rest did not come in time, or not before the capture ended.",
     "type": "integer",
     "minimum": 0
    }
   }
  },
  "HistoryStatus": {
   "description": "The history on disk.",
   "type": "object",
   "required": [
    "directory",
    "state",
    "bytes",
    "limit_bytes",
    "keep_days",
    "requests",
    "lookups",
    "neighbours",
    "leases",
    "icmp_errors",
    "waiting",
    "written",
    "lost",
    "lost_unanswered",
    "dropped_for_size",
    "dropped_for_age",
    "set_aside"
   ],
   "properties": {
    "directory": {
     "type": "string"
    },
    "state": {
     "description": "`writing` when all is well; `reading` when what was recorded can be read and nothing is added; `unavailable` when nothing on disk can be used. What is seen is kept in memory in any case.",
     "type": "string",
     "enum": [
      "writing",
      "reading",
      "unavailable"
     ]
    },
    "trouble": {
     "description": "Why nothing is written, in one sentence.",
     "type": "string"
    },
    "bytes": {
     "description": "Of the file.",
     "type": "integer",
     "minimum": 0
    },
    "limit_bytes": {
     "description": "What it may grow to, with its log.",
     "type": "integer",
     "minimum": 0
    },
    "keep_days": {
     "type": "integer",
     "minimum": 0
    },
    "oldest": {
     "description": "When the oldest record ended.",
     "$ref": "#/$defs/Time"
    },
    "requests": {
     "type": "integer",
     "minimum": 0
    },
    "lookups": {
     "type": "integer",
     "minimum": 0
    },
    "neighbours": {
     "type": "integer",
     "minimum": 0
    },
    "leases": {
     "type": "integer",
     "minimum": 0
    },
    "icmp_errors": {
     "type": "integer",
     "minimum": 0
    },
    "waiting": {
     "description": "Records that wait to be written.",
     "type": "integer",
     "minimum": 0
    },
    "written": {
     "description": "Since the daemon started, as all that follows.",
     "type": "integer",
     "minimum": 0
    },
    "lost": {
     "description": "Records that never came to disk, for want of room in the queue before it.",
     "type": "integer",
     "minimum": 0
    },
    "lost_unanswered": {
     "description": "How many of those were requests that nobody answered, which go first.",
     "type": "integer",
     "minimum": 0
    },
    "dropped_for_size": {
     "description": "Dropped from disk, the oldest first.",
     "type": "integer",
     "minimum": 0
    },
    "dropped_for_age": {
     "type": "integer",
     "minimum": 0
    },
    "set_aside": {
     "description": "Damaged files, under the names that they have now.",
     "type": "array",
     "items": {
      "type": "string"
     }
    }
   }
  },
  "InterfaceState": {
   "description": "What is done with an interface.",
   "type": "string",
   "enum": [
    "capturing",
    "down",
    "gone",
    "failed"
   ]
  },
  "InterfaceStatus": {
   "description": "One interface. A counter that is not known is absent, not 0.",
   "type": "object",
   "required": [
    "name",
    "state"
   ],
   "properties": {
    "name": {
     "type": "string"
    },
    "state": {
     "$ref": "#/$defs/InterfaceState"
    },
    "reason": {
     "description": "Why it is not capturing.",
     "type": "string"
    },
    "link_type": {
     "type": "string"
    },
    "snap_length": {
     "type": "integer",
     "minimum": 0
    },
    "received": {
     "type": "integer",
     "minimum": 0
    },
    "dropped_by_kernel": {
     "type": "integer",
     "minimum": 0
    },
    "dropped_by_interface": {
     "type": "integer",
     "minimum": 0
    },
    "cut": {
     "type": "integer",
     "minimum": 0
    },
    "frames_per_second": {
     "description": "Over the last ten seconds, or since it was opened; absent before there was a second.",
     "type": "integer",
     "minimum": 0
    },
    "bytes_per_second": {
     "description": "As long as the frames were on the wire.",
     "type": "integer",
     "minimum": 0
    },
    "dropped_per_second": {
     "description": "By the kernel and the interface.",
     "type": "integer",
     "minimum": 0
    }
   }
  },
  "LayerTotals": {
   "description": "What became of one layer's headers.",
   "type": "object",
   "required": [
    "layer",
    "decoded",
    "cut",
    "malformed",
    "reasons"
   ],
   "properties": {
    "layer": {
     "type": "string"
    },
    "decoded": {
     "type": "integer",
     "minimum": 0
    },
    "cut": {
     "description": "Cut by the snap length.",
     "type": "integer",
     "minimum": 0
    },
    "malformed": {
     "type": "integer",
     "minimum": 0
    },
    "reasons": {
     "type": "array",
     "items": {
      "$ref": "#/$defs/Reason"
     }
    }
   }
  },
  "Limit": {
   "description": "Something that is not known here.",
   "type": "object",
   "required": [
    "what",
    "why"
   ],
   "properties": {
    "what": {
     "type": "string"
    },
    "why": {
     "type": "string"
    }
   }
  },
  "Milliseconds": {
   "description": "A span in milliseconds, with three decimals.",
   "type": "number",
   "examples": [
    12.345
   ]
  },
  "Reason": {
   "description": "Why headers were malformed, and how often.",
   "type": "object",
   "required": [
    "reason",
    "count"
   ],
   "properties": {
    "reason": {
     "type": "string"
    },
    "count": {
     "type": "integer",
     "minimum": 0
    }
   }
  },
  "Summary": {
   "description": "Totals of everything that was read; the last line of `waybill read`.",
   "type": "object",
   "required": [
    "frames",
    "bytes",
    "cut_frames",
    "other_frames",
    "later_fragments",
    "fragments",
    "unsupported_frames",
    "requests",
    "lookups",
    "neighbours",
    "leases",
    "icmp_errors",
    "layers",
    "tables"
   ],
   "properties": {
    "record": {
     "const": "summary"
    },
    "frames": {
     "type": "integer",
     "minimum": 0
    },
    "bytes": {
     "description": "On the wire.",
     "type": "integer",
     "minimum": 0
    },
    "first": {
     "$ref": "#/$defs/Time"
    },
    "last": {
     "$ref": "#/$defs/Time"
    },
    "cut_frames": {
     "type": "integer",
     "minimum": 0
    },
    "other_frames": {
     "description": "Frames whose protocol is not decoded.",
     "type": "integer",
     "minimum": 0
    },
    "unsupported_frames": {
     "description": "Frames of a file that were passed over; their interface has a link type that is not decoded.",
     "type": "integer",
     "minimum": 0
    },
    "later_fragments": {
     "description": "Fragments after the first.",
     "type": "integer",
     "minimum": 0
    },
    "fragments": {
     "$ref": "#/$defs/FragmentTotals"
    },
    "requests": {
     "description": "As many as there are records of requests - several attempts to reach one name count once.",
     "type": "integer",
     "minimum": 0
    },
    "lookups": {
     "type": "integer",
     "minimum": 0
    },
    "neighbours": {
     "type": "integer",
     "minimum": 0
    },
    "leases": {
     "description": "DHCP exchanges.",
     "type": "integer",
     "minimum": 0
    },
    "icmp_errors": {
     "type": "integer",
     "minimum": 0
    },
    "layers": {
     "type": "array",
     "items": {
      "$ref": "#/$defs/LayerTotals"
     }
    },
    "tables": {
     "type": "array",
     "items": {
      "$ref": "#/$defs/TableTotals"
     }
    }
   }
  },
  "TableTotals": {
   "description": "How full a table was, and what it had to drop.",
   "type": "object",
   "required": [
    "name",
    "count",
    "peak",
    "capacity",
    "evictions"
   ],
   "properties": {
    "name": {
     "type": "string"
    },
    "count": {
     "type": "integer",
     "minimum": 0
    },
    "peak": {
     "type": "integer",
     "minimum": 0
    },
    "capacity": {
     "type": "integer",
     "minimum": 0
    },
    "evictions": {
     "type": "integer",
     "minimum": 0
    }
   }
  },
  "Time": {
   "description": "RFC 3339 in UTC with nine decimals.",
   "type": "string",
   "format": "date-time",
   "examples": [
    "2026-11-21T10:42:07.123456789Z"
   ]
  }
 }
}

"""#

    private static let schemaProblem = #"""
{
 "$schema": "https://json-schema.org/draft/2020-12/schema",
 "$id": "/v1/schemas/problem.json",
 "title": "Problem",
 "description": "Why a call was not answered (RFC 9457).",
 "type": "object",
 "required": [
  "type",
  "title",
  "status",
  "detail"
 ],
 "properties": {
  "type": {
   "type": "string"
  },
  "title": {
   "type": "string"
  },
  "status": {
   "type": "integer",
   "minimum": 0
  },
  "detail": {
   "description": "What went wrong and what to do.",
   "type": "string"
  },
  "instance": {
   "type": "string"
  },
  "parameter": {
   "description": "The query parameter at fault.",
   "type": "string"
  },
  "allowed": {
   "description": "What it may be.",
   "type": "array",
   "items": {
    "type": "string"
   }
  },
  "offset": {
   "description": "Where in `where` the mistake is, in Unicode code points from its start; of that parameter only.",
   "type": "integer",
   "minimum": 0
  }
 }
}

"""#
}
