using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>Describes what a value must be, and how it is read.</summary>
/// <typeparam name="T">What it reads to.</typeparam>
internal abstract class ValueParser<T>
{
    /// <summary>Tells whether nothing written means the default.</summary>
    public virtual bool AllowsNull => true;

    /// <summary>Reads a value; a wrong one is reported here.</summary>
    public abstract bool TryRead(YamlNode node, string path, ConfigDiagnostics diagnostics, [MaybeNullWhen(false)] out T value);
}
