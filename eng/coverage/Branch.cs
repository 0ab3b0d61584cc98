namespace FlowKit.Coverage;

/// <summary>One way out of a condition, found by its place in the compiled method.</summary>
internal sealed record Branch(int Line, string Method, int Offset, int Path) : IComparable<Branch>
{
    public int CompareTo(Branch? other) => other is null ? 1 : Key.CompareTo(other.Key);

    private (int Line, string Method, int Offset, int Path) Key => (Line, Method, Offset, Path);
}
