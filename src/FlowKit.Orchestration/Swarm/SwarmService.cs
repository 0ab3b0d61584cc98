using FlowKit.Configuration.Autoscaling;

namespace FlowKit.Orchestration.Swarm;

/// <summary>A service of a stack.</summary>
/// <param name="Name">Its name, the stack's before it.</param>
/// <param name="Replicas">The replicas that it is to have.</param>
/// <param name="Version">A number that every change raises.</param>
/// <param name="UpdateState">The state of its last update: <c>updating</c>, <c>completed</c>, <c>rollback_completed</c>, …</param>
/// <param name="UpdateMessage">The engine's word on it.</param>
internal sealed record SwarmService(string Name, int Replicas, long Version, string? UpdateState, string? UpdateMessage)
{
    /// <summary>Tells whether there is a version to go back to.</summary>
    public bool HasPrevious { get; init; }

    /// <summary>The executor that it runs; <see langword="null"/> where its replicas do not follow its load.</summary>
    public string? Executor { get; init; }

    /// <summary>The limits between which its replicas follow its load.</summary>
    public AutoscaleConfig? Limits { get; init; }
}
