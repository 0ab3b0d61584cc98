using System.Text;

namespace FlowKit.Fuzz;

/// <summary>An input that a corpus begins with.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="Bytes">The input.</param>
internal sealed record Seed(string Name, byte[] Bytes)
{
    public Seed(string name, string text)
        : this(name, Encoding.UTF8.GetBytes(text))
    {
    }
}
