namespace FlowKit.Configuration;

/// <summary>A key of Jina's whose behaviour is not there yet: its type is checked, and only its default is accepted, so that nothing is ignored silently.</summary>
/// <typeparam name="T">What it reads to.</typeparam>
/// <param name="name">Its name.</param>
/// <param name="kind">What its value must be.</param>
/// <param name="feature">What is missing, for the message.</param>
/// <param name="isDefault">Tells Jina's default.</param>
/// <param name="shown">Jina's default as one would write it; <see langword="null"/> when it cannot be written.</param>
internal sealed class LaterKey<T>(string name, ValueKind<T> kind, string feature, Func<T, bool> isDefault, string? shown) : Key(name)
{
    public override object? Read(YamlNode node, string path, Problems problems)
    {
        if (!node.IsNull && kind.TryRead(node, path, problems, out var value) && !isDefault(value))
        {
            var instead = shown is null ? "leave it out" : $"leave it out or write {shown}";
            problems.Add(node.Place, path, $"not supported yet: {feature}; {instead}");
        }

        return null;
    }
}
