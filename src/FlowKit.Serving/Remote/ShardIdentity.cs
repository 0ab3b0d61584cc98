using System.Globalization;

namespace FlowKit.Serving.Remote;

/// <summary>
/// A shard among several. Every call to a shard elsewhere says which one is meant, so that a worker that is another one refuses it instead
/// of answering with documents of its own: also when an address comes to lead elsewhere long after the connection was made.
/// </summary>
/// <param name="Index">Which one, from 0.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct ShardIdentity(int Index, int Count)
{
    /// <summary>The metadata that says which shard is meant.</summary>
    public const string Header = "flowkit-shard";

    /// <summary>The first words of a refusal.</summary>
    public const string Refusal = "The wrong shard was asked: ";

    /// <summary>Reads what <see cref="ToString"/> wrote; <see langword="null"/> for anything else.</summary>
    public static ShardIdentity? Parse(string text) =>
        text.Split('/') is [var index, var count]
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var one)
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var all)
        && one < all
            ? new ShardIdentity(one, all)
            : null;

    /// <summary>Tells it to people.</summary>
    public string Describe() => string.Create(CultureInfo.InvariantCulture, $"shard {Index} of {Count}");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");
}
