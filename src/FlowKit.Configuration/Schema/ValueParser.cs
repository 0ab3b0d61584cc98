using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Configuration;

/// <summary>What a value must be, and how it is read.</summary>
/// <typeparam name="T">What it reads to.</typeparam>
internal abstract class ValueKind<T>
{
    /// <summary>Whether nothing written means the default.</summary>
    public virtual bool AllowsNull => true;

    /// <summary>Reads a value; a wrong one is reported here.</summary>
    public abstract bool TryRead(YamlNode node, string path, Problems problems, [MaybeNullWhen(false)] out T value);
}
