// Written by btfnet: 3 inputs, 5 gates, 2 outputs
module full_adder (
  input wire a,
  input wire b,
  input wire c,
  output wire sum,
  output wire carry
);
  wire n4 = (a & b) | (a & c) | (b & c);
  wire n5 = a | b | c;
  wire n6 = a & b & c;
  wire n7 = ~n4 & n5;
  wire n8 = n7 | n6;
  assign sum = n8;
  assign carry = n4;
endmodule
