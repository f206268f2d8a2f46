import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Message } from './protobuf';
import { fieldsOf, varintsIn } from './read-back';

const hex = (message: Message) => [...message.bytes()].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

describe('Message', () => {
  it('writes the examples of the format’s documentation', () => {
    expect(hex(new Message().integer(1, 150))).toBe('08 96 01');
    expect(hex(new Message().text(2, 'testing'))).toBe('12 07 74 65 73 74 69 6e 67');
    expect(hex(new Message().message(3, new Message().integer(1, 150)))).toBe('1a 03 08 96 01');
    expect(hex(new Message().integers(6, [3, 270, 86942]))).toBe('32 06 03 8e 02 9e a7 05');
  });

  it('writes fields above 15, packed floats and texts', () => {
    expect(hex(new Message().integer(20, 7))).toBe('a0 01 07');
    expect(hex(new Message().floats(7, [1, -0.5]))).toBe('3a 08 00 00 80 3f 00 00 00 bf');
    expect(hex(new Message().texts(9, ['a', 'é', 'a']))).toBe('4a 01 61 4a 02 c3 a9 4a 01 61');
  });

  it('writes any whole number', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat()), (values) => {
        const [field] = fieldsOf(new Message().integers(5, values).bytes());
        expect(varintsIn(field!.bytes)).toEqual(values);
      }),
    );
    expect(() => new Message().integer(1, -1)).toThrow(/-1 cannot be written/);
    expect(() => new Message().integer(1, 0.5)).toThrow(/0.5 cannot be written/);
  });
});
