namespace FlowKit.Runtime.Channels;

/// <summary>Room in a channel.</summary>
/// <param name="Documents">Documents; an item without any counts as one.</param>
/// <param name="Bytes">Bytes of content; 0 where they are not counted.</param>
internal readonly record struct QueueUsage(int Documents, long Bytes)
{
    public static QueueUsage operator +(QueueUsage left, QueueUsage right) =>
        new(left.Documents + right.Documents, left.Bytes + right.Bytes);

    public static QueueUsage operator -(QueueUsage left, QueueUsage right) =>
        new(left.Documents - right.Documents, left.Bytes - right.Bytes);
}
