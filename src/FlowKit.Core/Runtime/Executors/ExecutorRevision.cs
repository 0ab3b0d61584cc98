using FlowKit.Components;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Monitoring;

namespace FlowKit.Runtime.Executors;

/// <summary>The code and settings that a pool runs: an entry of the flow's file with the class it names.</summary>
internal sealed class ExecutorRevision(ExecutorConfig config, ExecutorDescriptor descriptor)
{
    private readonly ExecutorConfig _settings = SettingsOf(config);

    public ExecutorConfig Config => config;

    public ExecutorDescriptor Descriptor => descriptor;

    public PoolEndpoints Endpoints { get; } = new(ExecutorActivator.BindEndpoints(descriptor, config), config);

    /// <summary>Tells whether another revision runs the same code with the same settings, however many replicas it has.</summary>
    public bool RunsAs(ExecutorRevision other) => _settings == other._settings && descriptor.IsSameCode(other.Descriptor);

    public ExecutorRevision With(int replicas) => new(config with { Replicas = replicas }, descriptor);

    /// <summary>
    /// The entry without what the graph around the executor obeys, what is only said of it, and where it is written: every other key makes
    /// a new revision.
    /// </summary>
    private static ExecutorConfig SettingsOf(ExecutorConfig config) => config with
    {
        Replicas = 1,
        Autoscale = null,
        Needs = [],
        When = null,
        Floating = false,
        Inspects = false,
        NoReduce = false,
        Polling = PollingConfig.Default,
        FailOnShardError = false,
        UsesBefore = null,
        UsesAfter = null,
        Reload = false,
        Description = null,
        MetasName = null,
        Monitoring = MonitoringConfig.None,
        Place = default,
        UsesPlace = default,
        UsesWithPlaces = new Dictionary<string, SourcePlace>(),
    };
}
