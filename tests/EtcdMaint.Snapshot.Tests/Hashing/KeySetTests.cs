using EtcdMaint.Snapshot.Hashing;
using EtcdMaint.Snapshot.Tests.Fixtures;

namespace EtcdMaint.Snapshot.Tests.Hashing;

public sealed class KeySetTests
{
    [Fact]
    public void It_agrees_with_a_set_of_strings()
    {
        var random = new Random(FirstSeed.Value);
        var keys = new KeySet();
        var expected = new HashSet<string>();
        for (int i = 0; i < 200_000; i++)
        {
            string text = $"/registry/pods/{random.Next(20_000)}";
            byte[] key = Proto.Text(text);
            if (random.Next(2) == 0)
                Assert.Equal(expected.Add(text), keys.Add(key));
            else
                Assert.Equal(expected.Remove(text), keys.Remove(key));
            Assert.Equal(expected.Count, keys.Count);
        }
        Assert.All(expected, text => Assert.True(keys.Remove(Proto.Text(text))));
    }

    [Fact]
    public void Short_and_empty_keys_differ()
    {
        var keys = new KeySet();
        byte[][] different =
        [
            [],
            [0],
            [0, 0],
            [1],
            [0, 1],
            [1, 0],
            new byte[8],
            new byte[9],
            new byte[16],
        ];
        Assert.All(different, key => Assert.True(keys.Add(key)));
        Assert.All(different, key => Assert.False(keys.Add(key)));
    }
}
