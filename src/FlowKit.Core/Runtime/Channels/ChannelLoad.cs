namespace FlowKit.Runtime.Channels;

/// <summary>The load that waits in a channel.</summary>
/// <param name="Requests">Requests inside; writers that wait for room are not.</param>
/// <param name="Usage">Their documents and bytes.</param>
/// <param name="Calls">The calls that they and those of waiting writers will take; what waits for a batch is a part of a full one.</param>
/// <param name="OldestWait">The time that the oldest has waited; zero when there is none.</param>
internal readonly record struct ChannelLoad(int Requests, QueueUsage Usage, double Calls, TimeSpan OldestWait);
