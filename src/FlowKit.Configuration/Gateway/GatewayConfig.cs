using System.Net;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Gateway.Queue;
using FlowKit.Configuration.Monitoring;

namespace FlowKit.Configuration.Gateway;

/// <summary>The way that a flow is reached: <c>gateway:</c>, over what <c>with:</c> says.</summary>
public sealed record GatewayConfig
{
    /// <summary>The port where none is given.</summary>
    public const int DefaultPort = 8080;

    /// <summary>The most examples that there may be: the page shows them in a row or two.</summary>
    internal const int MaxExamples = 12;

    /// <summary>The most characters of one.</summary>
    internal const int MaxExampleLength = 80;

    internal static readonly GatewayPortCollection DefaultPorts = new(new GatewayPort(DefaultPort, IsHttp: true, IsGrpc: true));

    /// <summary>The values of what is not written: the only place where a default stands.</summary>
    internal static readonly GatewayConfig Defaults = new();

    /// <summary>The address to listen on. Default 127.0.0.1, which other machines cannot reach.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The Unix socket to listen on instead of ports, speaking gRPC; <see langword="null"/> for ports.</summary>
    public string? Socket { get; init; }

    /// <summary>The ports, with what each speaks. Default 8080, for gRPC and HTTP.</summary>
    public GatewayPortCollection Ports { get; init; } = DefaultPorts;

    /// <summary>The first port.</summary>
    public int Port
    {
        get => Ports[0].Port;
        init => Ports = new GatewayPortCollection(Ports.Skip(1).Prepend(Ports[0] with { Port = value }));
    }

    /// <summary>The way that replies over gRPC are compressed for callers that take it: <c>gzip</c>, <c>deflate</c>, or not.</summary>
    public string? Compression { get; init; }

    /// <summary>
    /// The only dialect of documents over gRPC: <c>v1</c> or <c>v2</c>; <see langword="null"/> answers each message in its own.
    /// </summary>
    public string? DocArrayVersion { get; init; }

    /// <summary>The title of the page and of the API description.</summary>
    public string? Title { get; init; }

    /// <summary>The text below the title of the page and of the API description.</summary>
    public string? Description { get; init; }

    /// <summary>Texts that the page offers to search for, and to try, by a click.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Tells whether web pages of other origins may call.</summary>
    public bool Cors { get; init; }

    /// <summary>Tells whether <c>/status</c> and the like are left out.</summary>
    public bool NoDebugEndpoints { get; init; }

    /// <summary>Tells whether <c>/index</c>, <c>/search</c>, <c>/update</c> and <c>/delete</c> are left out.</summary>
    public bool NoCrudEndpoints { get; init; }

    /// <summary>
    /// Tells whether replies have the stack of what an executor threw; otherwise one line of it, since a stack tells callers of the code.
    /// </summary>
    public bool ShowStacks { get; init; }

    /// <summary>Tells whether only programs on this machine are listened to.</summary>
    public bool IsLocal => Socket is not null || IsLoopback(Host);

    /// <summary>Endpoints with HTTP paths of their own.</summary>
    public IReadOnlyList<ExposedEndpointConfig> ExposedEndpoints { get; init; } = [];

    /// <summary>Other systems whose routes are answered too: <c>roboflow</c>, <c>openai</c>, <c>subnet19</c>.</summary>
    public IReadOnlyList<string> Compat { get; init; } = [];

    /// <summary>
    /// Tells whether the routes of other systems take the name of any model (<c>compat_model: any</c>), though the flow's answers;
    /// otherwise another name is refused.
    /// </summary>
    public bool CompatTakesAnyModel { get; init; }

    /// <summary>Tells whether an endpoint that no executor answers is 404, where Jina answers as if all were well.</summary>
    public bool Strict { get; init; }

    /// <summary>The number of requests that are accepted at once; more are told to come again. Default 1024.</summary>
    public int Capacity { get; init; } = 1024;

    /// <summary>
    /// The number of requests of one connection that are under way at once; more are not read. Default 1000, as in Jina.
    /// </summary>
    public int Prefetch { get; init; } = 1000;

    /// <summary>
    /// The number of connections that are open at once over all ports; more are closed as they come. <see langword="null"/> for as many as
    /// the process may have open files for, less a reserve.
    /// </summary>
    public int? MaxConnections { get; init; }

    /// <summary>Its protection.</summary>
    public GatewaySecurityConfig Security { get; init; } = new();

    /// <summary>The time that a request may take; <see langword="null"/> for as long as it takes.</summary>
    public TimeSpan? TimeoutSend { get; init; }

    /// <summary>The largest body in bytes. Default 256 MiB.</summary>
    public long MaxRequestBytes { get; init; } = 256L << 20;

    /// <summary>
    /// The memory for all requests together: bodies as they are unpacked, what is made of them, decoded pictures, replies. Default half of
    /// what the machine, or the container, has.
    /// </summary>
    public MemoryLimit Memory { get; init; } = MemoryLimit.OfShare(50);

    /// <summary>The time that stopping waits for what was accepted. Default 30 s.</summary>
    public TimeSpan TimeoutStop { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The queue in front of the flow; <see langword="null"/> where requests go straight through it.</summary>
    public QueueConfig? Queue { get; init; }

    /// <summary>The places that are told how it does. Default: none.</summary>
    public MonitoringConfig Monitoring { get; init; } = MonitoringConfig.None;

    /// <summary>The place where the port, or else the gateway, is written.</summary>
    public SourcePlace Place { get; init; }

    /// <summary>Tells whether a name or an address always leads to this machine.</summary>
    internal static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
