namespace FlowKit.Runtime.Autoscaling;

/// <summary>The state of an executor whose replicas follow its load.</summary>
/// <param name="Min">The fewest replicas.</param>
/// <param name="Max">The most replicas.</param>
/// <param name="Target">The calls under way or waiting that a replica is to have.</param>
/// <param name="InFlight">The calls under way or waiting in the last second, on average.</param>
/// <param name="LastChange">The last change and its reason; <see langword="null"/> when there was none.</param>
/// <param name="ChangedAt">The time of the last change.</param>
public sealed record AutoscaleStatus(int Min, int Max, double Target, double InFlight, string? LastChange, DateTimeOffset? ChangedAt);
