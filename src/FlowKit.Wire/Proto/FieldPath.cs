using System.Globalization;
using System.Text;

namespace FlowKit.Wire.Proto;

/// <summary>
/// The position of a reader or writer inside nested messages, which its errors tell; while all is well it costs no more than a step.
/// </summary>
internal sealed class FieldPath(string message)
{
    /// <summary>
    /// The greatest depth of nested messages in a document, and around all of them: protobuf's own default. Documents in documents are
    /// counted by <see cref="DocumentDepth"/>, since a level of them is one message in one dialect and four in the other.
    /// </summary>
    public const int MaxDepth = 100;

    private (string? Name, int Index)[] _steps = new (string?, int)[8];
    private int _count;
    private int _documents;
    private int _start;

    /// <summary>Goes into a field.</summary>
    /// <param name="name">Its name; null for one that people do not see.</param>
    /// <param name="index">Its place among repeated ones; -1 when it is a single one.</param>
    public void Push(string? name, int index)
    {
        if (_count - _start == MaxDepth)
        {
            throw Fault(name, $"messages lie in each other more than {MaxDepth} deep");
        }

        if (_count == _steps.Length)
        {
            Array.Resize(ref _steps, 2 * _count);
        }

        _steps[_count++] = (name, index);
    }

    public void Pop() => _count--;

    /// <summary>Begins a document at the place where the reader or writer is.</summary>
    /// <returns>What <see cref="EndDocument"/> takes.</returns>
    public int BeginDocument()
    {
        if (++_documents > DocumentDepth.Max)
        {
            throw Fault(null, $"messages lie in each other more than {DocumentDepth.Max} deep");
        }

        var outer = _start;
        _start = _count;
        return outer;
    }

    public void EndDocument(int outer)
    {
        _documents--;
        _start = outer;
    }

    public FlowKitException Fault(string? field, string message) => new(FlowErrorCode.InvalidArgument, $"{Text(field)}: {message}");

    private string Text(string? field)
    {
        var text = new StringBuilder();
        foreach (var (name, index) in _steps.AsSpan(0, _count))
        {
            Append(text, name);
            if (index >= 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            }
        }

        Append(text, field);
        return text.Length > 0 ? text.ToString() : message;
    }

    private static void Append(StringBuilder text, string? name)
    {
        if (name is not null)
        {
            text.Append(text.Length > 0 ? "." : "").Append(name);
        }
    }
}
