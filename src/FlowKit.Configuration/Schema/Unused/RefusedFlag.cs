namespace FlowKit.Configuration;

/// <summary>A switch of Jina's that cannot be switched on here.</summary>
/// <param name="name">Its name.</param>
/// <param name="reason">Why, and what to do instead.</param>
internal sealed class RefusedFlag(string name, string reason) : Key(name)
{
    private static readonly FlagKind s_kind = new();

    public override object? Read(YamlNode node, string path, Problems problems)
    {
        if (!node.IsNull && s_kind.TryRead(node, path, problems, out var isOn) && isOn)
        {
            problems.Add(node.Place, path, reason);
        }

        return null;
    }
}
