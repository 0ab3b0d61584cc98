namespace FlowKit.Runtime;

/// <summary>Room in an inbox.</summary>
/// <param name="Documents">Documents; a part without any counts as one.</param>
/// <param name="Bytes">Bytes of content; 0 where they are not counted.</param>
internal readonly record struct Load(int Documents, long Bytes)
{
    public static Load operator +(Load left, Load right) => new(left.Documents + right.Documents, left.Bytes + right.Bytes);

    public static Load operator -(Load left, Load right) => new(left.Documents - right.Documents, left.Bytes - right.Bytes);
}
