using System.Globalization;
using System.Text;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// A transaction in the input format of etcdctl: the compares, the operations if they hold, and the operations
/// otherwise. An empty line ends each block. Source: etcd-io/etcd, etcdctl/ctlv3/command/txn_command.go.
/// </summary>
internal static class EtcdctlTxnScript
{
    /// <summary>Puts a key if it does not exist, and otherwise reads it.</summary>
    public static byte[] Create(string key, byte[] value, long lease)
    {
        string quoted = Quote(Encoding.UTF8.GetBytes(key));
        string attached = lease == 0 ? "" : $" --lease={HexId.Format((ulong)lease)}";
        return Encoding.ASCII.GetBytes(
            $"create({quoted}) = \"0\"\n\nput {quoted} {Quote(value)}{attached}\n\nget {quoted}\n\n"
        );
    }

    /// <summary>Returns a Go string literal, which can contain every byte.</summary>
    private static string Quote(byte[] bytes)
    {
        var text = new StringBuilder("\"");
        foreach (byte b in bytes)
        {
            if (b is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\')
                text.Append((char)b);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }
        return text.Append('"').ToString();
    }
}
