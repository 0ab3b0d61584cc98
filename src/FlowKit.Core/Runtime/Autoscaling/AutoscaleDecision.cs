namespace FlowKit.Runtime.Autoscaling;

/// <summary>The number of replicas that there are to be.</summary>
/// <param name="Replicas">The number.</param>
/// <param name="Reason">The reason, for whoever looks.</param>
internal readonly record struct AutoscaleDecision(int Replicas, string Reason);
