namespace FlowKit;

/// <summary>
/// A field's values in many rows. Each value is kept once, so that a comparison is done once for each distinct value and looked up for
/// each row. Safe for many readers, or one writer.
/// </summary>
internal sealed class FieldColumn
{
    private const int MinGarbage = 1024;

    private readonly Dictionary<FieldValue, int> _codes = new(FieldValueComparer.Instance);
    private readonly List<FieldValue> _values = [];
    private int[] _rows = [];

    /// <summary>Makes a column without values.</summary>
    public FieldColumn() => Add(default);

    /// <summary>The value of a row; none for a row that was never set.</summary>
    public FieldValue this[int row] => row < _rows.Length ? _values[_rows[row]] : default;

    /// <summary>Sets the value of a row.</summary>
    public void Set(int row, FieldValue value)
    {
        if (row >= _rows.Length)
        {
            Array.Resize(ref _rows, Math.Max(row + 1, _rows.Length * 2));
        }

        var own = value.Detach();
        _rows[row] = _codes.TryGetValue(own, out var code) ? code : Add(own);
        if (_values.Count > (2 * _rows.Length) + MinGarbage)
        {
            ForgetUnused();
        }
    }

    /// <summary>The rows whose value a test holds for.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="holds">The test.</param>
    public RowSet Select(int rows, Predicate<FieldValue> holds)
    {
        var verdicts = new bool[_values.Count];
        for (var code = 0; code < verdicts.Length; code++)
        {
            verdicts[code] = holds(_values[code]);
        }

        var result = new RowSet(rows);
        for (var row = 0; row < rows; row++)
        {
            if (verdicts[row < _rows.Length ? _rows[row] : 0])
            {
                result.Add(row);
            }
        }

        return result;
    }

    private int Add(FieldValue value)
    {
        _values.Add(value);
        _codes[value] = _values.Count - 1;
        return _values.Count - 1;
    }

    /// <summary>Values that were replaced in every row stay until they are more than those in use.</summary>
    private void ForgetUnused()
    {
        var values = _values.ToArray();
        _values.Clear();
        _codes.Clear();
        Add(default);
        for (var row = 0; row < _rows.Length; row++)
        {
            var value = values[_rows[row]];
            _rows[row] = _codes.TryGetValue(value, out var code) ? code : Add(value);
        }
    }
}
