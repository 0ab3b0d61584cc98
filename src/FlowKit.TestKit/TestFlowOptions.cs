using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.TestKit;

/// <summary>How a <see cref="TestFlow"/> is run.</summary>
public sealed record TestFlowOptions
{
    /// <summary>What its <see cref="ScriptedExecutor"/>s do.</summary>
    public FlowScript Script { get; init; } = new();

    /// <summary>More executors that <c>uses:</c> can name.</summary>
    public IReadOnlyList<Type> Executors { get; init; } = [];

    /// <summary>Time.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Calls up to this long are made by whoever brings the documents; see <see cref="Runtime.FlowHost.ShortCall"/>.</summary>
    public TimeSpan ShortCall { get; init; } = TimeSpan.FromMicroseconds(2);

    /// <summary>Where executors can run besides this process.</summary>
    public IReadOnlyList<Components.Launching.IExecutorLauncher> Launchers { get; init; } = [];

    /// <summary>The services that executors may ask for. Default: none but loggers and time.</summary>
    public IServiceProvider? Services { get; init; }

    /// <summary>Where logs go.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The folder of the flow and its workspace; by default one that goes away with the flow.</summary>
    public string? Folder { get; init; }
}
