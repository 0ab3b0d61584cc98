namespace FlowKit.Bombs;

/// <summary>Something that takes much memory.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Flow">The flow that it is sent to.</param>
/// <param name="Path">The path.</param>
/// <param name="Times">How many of it at once.</param>
/// <param name="Make">Makes the body.</param>
internal sealed record Bomb(string Name, string Flow, string Path, int Times, Func<byte[]> Make)
{
    /// <summary>Whether the body is compressed.</summary>
    public bool IsPacked { get; init; }
}
