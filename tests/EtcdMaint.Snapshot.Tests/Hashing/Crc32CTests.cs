using EtcdMaint.Snapshot.Hashing;
using EtcdMaint.Snapshot.Tests.Fixtures;

namespace EtcdMaint.Snapshot.Tests.Hashing;

public sealed class Crc32CTests
{
    [Fact]
    public void The_check_value_is_that_of_the_standard() =>
        Assert.Equal(0xE306_9283, ~Crc32C.Append(uint.MaxValue, "123456789"u8));

    [Fact]
    public void Text_that_arrives_backward_has_the_same_crc()
    {
        var random = new Random(FirstSeed.Value);
        for (int run = 0; run < 200; run++)
        {
            byte[] text = new byte[random.Next(20_000)];
            random.NextBytes(text);
            var crc = new BackwardCrc();
            for (int end = text.Length; end > 0; )
            {
                int start = random.Next(end);
                crc.Prepend(Crc32C.Append(0, text.AsSpan(start..end)), end - start);
                end = start;
            }
            Assert.Equal(~SlowCrc32C.Append(SlowCrc32C.Append(uint.MaxValue, "key"u8), text), crc.Finish("key"u8));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(1_234_567)]
    public void A_power_is_what_zero_bytes_do_to_a_register(int bytes) =>
        Assert.Equal(
            Crc32C.Append(0xDEAD_BEEF, new byte[bytes]),
            Crc32CAlgebra.Multiply(0xDEAD_BEEF, Crc32CAlgebra.PowerOfBytes(bytes))
        );

    [Fact]
    public void A_power_of_many_bytes_is_the_product_of_its_parts() =>
        Assert.Equal(
            Crc32CAlgebra.PowerOfBytes(8_000_000_123),
            Crc32CAlgebra.Multiply(
                Crc32CAlgebra.PowerOfBytes(7_999_999_999),
                Crc32CAlgebra.PowerOfBytes(8_000_000_123 - 7_999_999_999)
            )
        );
}
