using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A single value of some type.</summary>
/// <typeparam name="T">What it reads to.</typeparam>
/// <param name="expected">What a message says was expected.</param>
internal abstract class ScalarParser<T>(string expected) : ValueParser<T>
{
    public override bool AllowsNull => false;

    public override bool TryRead(YamlNode node, string path, ConfigDiagnostics diagnostics, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is YamlScalar { Form: ScalarForm.Unresolved })
        {
            return false;
        }

        if (node is YamlScalar scalar && TryParse(scalar, out value))
        {
            return true;
        }

        diagnostics.Add(node.Place, path, $"expected {expected}, not {node.Shown}{(node is YamlScalar wrong ? Hint(wrong) : "")}");
        return false;
    }

    protected abstract bool TryParse(YamlScalar scalar, [MaybeNullWhen(false)] out T value);

    /// <summary>A hint at what to write instead of a frequent mistake.</summary>
    protected virtual string Hint(YamlScalar scalar) => "";
}
