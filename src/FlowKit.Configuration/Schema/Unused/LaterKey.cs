using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema.Unused;

/// <summary>
/// A key of Jina's whose behaviour is not there yet: its type is checked, and only its default is accepted, so that nothing is ignored
/// silently.
/// </summary>
/// <typeparam name="T">What it reads to.</typeparam>
/// <param name="name">Its name.</param>
/// <param name="parser">The form its value must have.</param>
/// <param name="feature">What is missing, for the message.</param>
/// <param name="isDefault">Tells Jina's default.</param>
/// <param name="shown">Jina's default as one would write it; <see langword="null"/> when it cannot be written.</param>
internal sealed class LaterKey<T>(string name, ValueParser<T> parser, string feature, Func<T, bool> isDefault, string? shown) : Key(name)
{
    public override object? Read(YamlNode node, string path, ConfigDiagnostics diagnostics)
    {
        if (!node.IsNull && parser.TryRead(node, path, diagnostics, out var value) && !isDefault(value))
        {
            var instead = shown is null ? "leave it out" : $"leave it out or write {shown}";
            diagnostics.Add(node.Place, path, $"not supported yet: {feature}; {instead}");
        }

        return null;
    }
}
