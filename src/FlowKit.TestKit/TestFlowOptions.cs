using FlowKit.Configuration.Flow;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.TestKit;

/// <summary>The options of a <see cref="TestFlow"/>.</summary>
public sealed record TestFlowOptions
{
    /// <summary>The behaviour of its <see cref="ScriptedExecutor"/>s.</summary>
    public FlowScript Script { get; init; } = new();

    /// <summary>More executors that <c>uses:</c> can name.</summary>
    public IReadOnlyList<Type> Executors { get; init; } = [];

    /// <summary>Time.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Calls up to this long are made by whoever brings the documents; see <see cref="Runtime.FlowHost.ShortCall"/>.</summary>
    public TimeSpan ShortCall { get; init; } = TimeSpan.FromMicroseconds(2);

    /// <summary>The launchers of executors outside this process.</summary>
    public IReadOnlyList<Components.Launching.IExecutorLauncher> Launchers { get; init; } = [];

    /// <summary>The services that executors may ask for. Default: none but loggers and time.</summary>
    public IServiceProvider? Services { get; init; }

    /// <summary>Makes of what the text says what is run, where no text can say it. Default: the same.</summary>
    public Func<FlowConfig, FlowConfig> Configure { get; init; } = config => config;

    /// <summary>The factory of its loggers.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The folder of the flow and its workspace; by default one that goes away with the flow.</summary>
    public string? Folder { get; init; }
}
