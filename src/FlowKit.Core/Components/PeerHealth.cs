namespace FlowKit.Components;

/// <summary>The health of one replica of an executor elsewhere.</summary>
/// <param name="Address">Its address, with the one that its name leads to.</param>
/// <param name="IsReachable">Whether it answered when it was asked last, every two seconds, and says that it serves.</param>
/// <param name="IsLeftAlone">Whether it gets no calls for a moment, since it failed again and again.</param>
/// <param name="Outstanding">Calls under way there.</param>
/// <param name="LastError">What the last failure said; <see langword="null"/> when there was none.</param>
public sealed record PeerHealth(string Address, bool IsReachable, bool IsLeftAlone, int Outstanding, string? LastError);
