namespace FlowKit.Configuration;

/// <summary>A key that FlowKit obeys.</summary>
/// <typeparam name="T">What it reads to.</typeparam>
/// <param name="name">Its name.</param>
/// <param name="kind">What its value must be.</param>
/// <param name="absent">Its value when it is not written.</param>
/// <param name="aliases">Other names.</param>
internal sealed class Key<T>(string name, ValueKind<T> kind, T absent, params string[] aliases) : Key(name, aliases)
{
    public T Absent { get; } = absent;

    /// <summary>An empty value is a mistake where a number or a choice is expected, and the default where nothing is one.</summary>
    public override object? Read(YamlNode node, string path, Problems problems) =>
        (node.IsNull && kind.AllowsNull) || !kind.TryRead(node, path, problems, out var value) ? null : value;
}
