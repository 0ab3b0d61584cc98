namespace FlowKit.Configuration;

/// <summary>A key of Jina's that will not come, with the reason.</summary>
/// <param name="name">Its name.</param>
/// <param name="reason">Why, and what to do instead.</param>
internal sealed class RefusedKey(string name, string reason) : Key(name)
{
    public override object? Read(YamlNode node, string path, Problems problems)
    {
        if (!AnyKind.IsEmpty(node))
        {
            problems.Add(node.Place, path, reason);
        }

        return null;
    }
}
