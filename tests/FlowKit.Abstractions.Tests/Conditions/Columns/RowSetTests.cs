namespace FlowKit.Conditions.Columns;

public sealed class RowSetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(200)]
    public void A_set_does_what_a_set_of_numbers_does(int rows)
    {
        var random = new Random(rows);
        var (one, other) = (new RowSet(rows), new RowSet(rows));
        var (left, right) = (new SortedSet<int>(), new SortedSet<int>());
        for (var i = 0; i < rows; i++)
        {
            var row = random.Next(rows);
            one.Add(row);
            left.Add(row);
            row = random.Next(rows);
            other.Add(row);
            right.Add(row);
        }

        Assert.Equal(left, one.Enumerate());
        Assert.Equal(left.Count, one.Count);
        Assert.All(Enumerable.Range(0, rows + 5), row => Assert.Equal(left.Contains(row), one.Contains(row)));
        Assert.Equal(left.Where(row => row >= rows / 2), one.Enumerate(rows / 2));
        Assert.Equal(left.Count(row => row < 64), one.CountIn(0, 64));

        one.IntersectWith(other);
        Assert.Equal(left.Intersect(right).Order(), one.Enumerate());
        one.UnionWith(other);
        Assert.Equal(right, one.Enumerate());
        one.Invert();
        Assert.Equal(Enumerable.Range(0, rows).Except(right), one.Enumerate());
        foreach (var row in one.Enumerate().ToList())
        {
            one.Remove(row);
        }

        Assert.Equal((0, -1), (one.Count, one.Next(0)));
    }
}
